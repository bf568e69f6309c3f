import { kernelModel } from '../kernel/kernel-model.js';
import { PASSES } from '../layer.js';
import { KERNEL_TILES } from '../tile-choice.js';
import { IMPLICIT_GEMM } from './implicit-gemm.js';

/** Traffic that knows cache capacities, streams of instructions and bytes, waves (docs/model.md, 10, 11 and 13). */
export const DELTA = kernelModel({
  name: 'delta',
  version: 2,
  passes: PASSES,
  unread: ['l1_ns'],
  algorithms: [IMPLICIT_GEMM],
  tiles: KERNEL_TILES.map(({ tile }) => tile),
});
