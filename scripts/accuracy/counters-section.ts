/** Traffic against the hardware counters of 1x1 backward-data kernels: sectors asked of L1, of L2, and read from DRAM. */
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import type { Gpu } from '../../src/model/gpu.js';
import type { Layer } from '../../src/model/layer.js';
import { simulate, type OperandBytes } from '../../src/model/simulation/simulate.js';
import { activeCtas, parseTile } from '../../src/model/tile.js';
import { withTransposedFilters } from '../../src/model/traffic/backward.js';
import { capacityTraffic } from '../../src/model/traffic/capacity.js';
import { prepareTraffic } from '../../src/model/traffic/prepare.js';
import { l1Bytes, l2Bytes } from '../../src/model/traffic/traffic.js';
import { markdownTable, percent } from '../markdown.js';

const SECTOR_BYTES = 32;

/** An L2 that holds all: misses are first touches. */
const HOLDS_ALL = 2 ** 31;

const LEVELS = ['L1', 'L2', 'DRAM'] as const;
type Ratios = Record<(typeof LEVELS)[number], number>;

interface Counted {
  shape: string;
  /** Kernels whose median the row is. */
  kernels: number;
  /** Predicted over counted. */
  ratios: Ratios;
}

/** Backward-data of a 1x1 layer of stride 1 is a forward layer with its channels swapped. */
function compare(row: Record<string, string>, gpu: Gpu): Counted {
  const number = (column: string) => Number(row[column]);
  const size = number('in_size');
  const layer: Layer = {
    ...{ name: 'counted', inChannels: number('out_channels'), outChannels: number('in_channels') },
    ...{ inHeight: size, inWidth: size, filterHeight: 1, filterWidth: 1, strideHeight: 1, strideWidth: 1 },
    ...{ padHeight: 0, padWidth: 0, groups: 1, count: 1 },
  };
  const tile = parseTile(row['cta_tile']!)!;
  const machine = { smCount: gpu.smCount, activeCtas: activeCtas(tile, gpu), l1Bytes: 0, l2Bytes: gpu.l2Bytes };
  const batch = number('batch');
  const traffic = withTransposedFilters(capacityTraffic(prepareTraffic(layer, batch, tile), machine));
  const { dram, demanded } = simulate({ layer, batch, tile, ...machine, l2Bytes: HOLDS_ALL });
  // The counter leaves out the second sector of a fetch of 64 bytes, where that was not asked for.
  const counted = (operand: keyof OperandBytes) => traffic.dram[operand] * (demanded[operand] / dram[operand]);
  const ratio = (bytes: number, column: string) => bytes / SECTOR_BYTES / number(column);
  return {
    shape: `${size}x${size}, ${layer.inChannels} to ${layer.outChannels}, tile ${tile.name}`,
    kernels: number('kernels'),
    ratios: {
      L1: ratio(l1Bytes(traffic), 'l1_sectors'),
      L2: ratio(l2Bytes(traffic), 'l2_sectors'),
      DRAM: ratio(counted('ifmap') + counted('filter'), 'dram_sectors'),
    },
  };
}

/** The section on counters; `path` is a file of them, `gpu` where they were counted. */
export function renderCounters(path: string, gpuName: string, gpu: Gpu): string {
  const rows = (parse(readFileSync(path), { columns: true }) as Record<string, string>[]).map((row) =>
    compare(row, gpu),
  );
  const kernels = rows.reduce((sum, row) => sum + row.kernels, 0);
  const errors = LEVELS.map((level) => {
    const logs = rows.map(({ ratios }) => Math.abs(Math.log(ratios[level])));
    const mean = logs.reduce((sum, log, i) => sum + rows[i]!.kernels * log, 0) / kernels;
    return [level, percent(Math.expm1(mean), 2), `${Math.exp(Math.max(...logs)).toFixed(2)}x`];
  });
  return [
    '## Traffic against hardware counters',
    '',
    `${kernels} kernels of ${rows.length} shapes on ${gpuName}: backward-data of 1x1 layers of stride 1, fp32. Sectors asked of L1, of L2 and read from DRAM,`,
    'predicted over counted. Of the model, the one constant that these counters decide, how much slower a younger CTA of an SM is, was fitted on them.',
    '',
    markdownTable(['level', 'GMAE of all kernels', 'worst shape'], errors),
    '',
    markdownTable(
      ['shape', 'kernels', ...LEVELS],
      rows.map(({ shape, kernels: n, ratios }) => [
        shape,
        String(n),
        ...LEVELS.map((level) => ratios[level].toFixed(3)),
      ]),
    ),
  ].join('\n');
}
