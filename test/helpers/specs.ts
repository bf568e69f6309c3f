/** Small sweeps that have a bit of everything. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStudy } from '../../src/space/files/spec-file.js';
import type { Study, SweepSpec } from '../../src/space/study.js';

/**
 * 1,200 points: two workloads, axes in all forms, a linked group, a duplicate value, designs without a fitting tile
 * (16 KiB of registers, 4 KiB of shared memory), and constraints that overlap.
 */
export const SMALL: SweepSpec = {
  name: 'small',
  model: 'delta-2019',
  baseline: 'titan-xp',
  workloads: [
    { network: 'alexnet', batch: 16 },
    { network: 'vgg16', batch: 4, pass: 'forward' },
  ],
  axes: {
    sm_count: { scale: [1, 2, 4, 2, 1.5] },
    dram_gbps: { range: { from: 400, to: 3200, steps: 5, spacing: 'log' } },
    register_kib: { values: [16, 256] },
    smem_kib: { values: [4, 20, 96] },
    cta_tile: { values: ['auto', '256x128x8'] },
  },
  linked: [{ l2_mib: { scale: [1, 2] }, l2_gbps: { scale: [1, 2] } }],
  constraints: ['l2_gbps >= 1.5 * dram_gbps', 'sm_count < 100 || dram_gbps < 1.2 * base.dram_gbps'],
};

/** What the constraints of `SMALL` say, in plain code. */
export const SMALL_CONSTRAINTS: ((design: Record<string, number>) => boolean)[] = [
  (design) => design['l2_gbps']! >= 1.5 * design['dram_gbps']!,
  (design) => design['sm_count']! < 100 || design['dram_gbps']! < 1.2 * 449.114,
];

/** 1,800 points of the staged evaluator: two workloads, rates and caches, a constraint, designs without a fitting tile. */
export const WIDE: SweepSpec = {
  name: 'wide',
  baseline: 'titan-xp',
  workloads: [
    { network: 'alexnet', batch: 8 },
    { network: 'alexnet', batch: 32 },
  ],
  axes: {
    register_kib: { values: [16, 256] },
    sm_count: { scale: [1, 2, 4] },
    l2_mib: { values: [3, 6, 12] },
    l2_gbps: { range: { from: 1000, to: 8000, steps: 10 } },
    dram_gbps: { scale: [1, 2, 3, 4, 6] },
  },
  constraints: ['l2_gbps >= dram_gbps'],
};

/**
 * 20 points of named options crossed with an axis: two workloads, values that several options share, an option that fits
 * no CTA (16 KiB of registers), and a constraint.
 */
export const OPTIONS: SweepSpec = {
  name: 'options',
  baseline: 'titan-xp',
  workloads: [
    { network: 'alexnet', batch: 8 },
    { network: 'alexnet', batch: 32 },
  ],
  options: [
    { name: 'sms-2x', scale: { sm_count: 2 } },
    { name: 'baseline' },
    { name: 'sms-2x-dram', scale: { sm_count: 2, dram_gbps: 2.5 } },
    { name: 'no-fit', values: { register_kib: 16 } },
    { name: 'wide-tile', scale: { sm_count: 1.5 }, values: { cta_tile: '256x128x8', macs_per_clk: 256 } },
  ],
  axes: { l2_gbps: { scale: [1, 2] } },
  constraints: ['sm_count <= 45 || l2_gbps > base.l2_gbps'],
};

/** 40 points and one workload: for what needs a study at all. */
export const TINY: SweepSpec = {
  name: 'tiny',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 8 }],
  axes: {
    sm_count: { scale: [1, 2, 3, 4] },
    l2_gbps: { scale: [1, 2] },
    dram_gbps: { scale: [1, 2, 3, 4, 5] },
  },
};

/** 80,000 points, half of them infeasible: more than one record batch. */
export const LARGE: SweepSpec = {
  name: 'large',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 8 }],
  axes: {
    register_kib: { values: [16, 256] },
    l2_gbps: { range: { from: 1000, to: 8000, steps: 200 } },
    dram_gbps: { range: { from: 400, to: 3200, steps: 200 } },
  },
};

/** A spec, computed. */
export function studyOf(spec: SweepSpec): Study {
  return parseStudy(JSON.stringify(spec), 'spec.json', '.');
}

/** Writes a spec into a folder, as it is or as JSON; its path. */
export function writeSpec(folder: string, spec: SweepSpec | string, file = 'sweep.yaml'): string {
  const path = join(folder, file);
  writeFileSync(path, typeof spec === 'string' ? spec : JSON.stringify(spec, null, 2));
  return path;
}
