/** Small studies for tests: a spec's parts over the built-in TITAN Xp. */
import { DeltaSweepError } from '../../src/errors.js';
import { loadCosts } from '../../src/space/files/costs-file.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import type { Network } from '../../src/model/layer.js';
import type { AxisId, AxisValue } from '../../src/model/resources.js';
import type { Dimension } from '../../src/space/grid.js';
import { resolveStudy, type SpecContents, type Study, type SweepSpec } from '../../src/space/study.js';

export const TITAN_XP = loadGpu('titan-xp');

/** One convolution, 3x3 over 64 channels of 28x28. */
export function tinyNetwork(name = 'tiny'): Network {
  return {
    name,
    layers: [
      {
        name: 'conv',
        inChannels: 64,
        inHeight: 28,
        inWidth: 28,
        outChannels: 128,
        filterHeight: 3,
        filterWidth: 3,
        strideHeight: 1,
        strideWidth: 1,
        padHeight: 1,
        padWidth: 1,
        groups: 1,
        count: 2,
      },
    ],
  };
}

export const TINY_SPEC: SweepSpec = {
  name: 'tiny',
  baseline: 'titan-xp',
  workloads: [{ network: 'tiny', batch: 4 }],
  axes: { sm_count: { scale: [1, 2] } },
};

/** Resolves the tiny spec with some parts replaced. */
export function studyOf(spec: Partial<SweepSpec> = {}, contents: Partial<SpecContents> = {}): Study {
  const whole = { ...TINY_SPEC, ...spec };
  const networks = whole.workloads.map(({ network }) => tinyNetwork(network));
  return resolveStudy(whole, { baseline: TITAN_XP, networks, costs: loadCosts(), ...contents });
}

/** A dimension of one axis. */
export function axis(id: AxisId, values: AxisValue[]): Dimension {
  return [{ id, values }];
}

/** A dimension of a number of values, whatever they are. */
export function dimensionOf(size: number): Dimension {
  return axis('sm_count', new Array<number>(size).fill(1));
}

/** The input error that `call` throws; anything else fails the test. */
export function inputErrorOf(call: () => unknown): DeltaSweepError {
  try {
    call();
  } catch (error) {
    if (error instanceof DeltaSweepError && error.code === 'input') return error;
    throw error;
  }
  throw new Error('expected an input error, got none');
}

/** The message of the input error that `call` throws. */
export function messageOf(call: () => unknown): string {
  return inputErrorOf(call).message;
}
