/** Exact fronts of grids of 10^9 and 10^12 designs, as whole processes: seconds and the most memory. */
import { join } from 'node:path';
import type { SweepSpec } from '../src/space/study.js';
import { secondsOf, timingOf, type Check, type Outcome } from './measure.js';
import { inFolder, peakMemoryOf, runProgram, writeSpec } from './program.js';

type Range = [from: number, to: number, spacing?: 'linear' | 'log'];

const RANGES: Record<string, Range> = {
  sm_count: [30, 120],
  macs_per_clk: [128, 512],
  issue_per_clk: [2, 16],
  smem_gbps: [110, 880, 'log'],
  l1_gbps: [55, 440, 'log'],
  l2_mib: [2, 24],
  l2_gbps: [800, 8000, 'log'],
  dram_gbps: [300, 3600, 'log'],
};

/** What a grid of 10^12 has besides. */
const MORE_RANGES: Record<string, Range> = {
  clock_ghz: [1.2, 2],
  register_kib: [128, 704],
  smem_kib: [48, 192],
  l1_kib: [16, 160],
};

/** ResNet-152 on scaled TITAN Xps. */
function specOf(name: string, ranges: Record<string, Range>, steps: (axis: string) => number): SweepSpec {
  const axes = Object.entries(ranges).map(([id, [from, to, spacing = 'linear']]) => [
    id,
    { range: { from, to, spacing, steps: steps(id) } },
  ]);
  return {
    ...{ name, baseline: 'titan-xp', workloads: [{ network: 'resnet152', batch: 256 }] },
    axes: Object.fromEntries(axes) as NonNullable<SweepSpec['axes']>,
    constraints: ['l2_gbps >= 1.5 * dram_gbps'],
  };
}

/** As sweeps/fine-grid.yaml has them. */
const FINE: Record<string, number> = {
  ...{ sm_count: 10, macs_per_clk: 13, issue_per_clk: 15, smem_gbps: 13 },
  ...{ l1_gbps: 13, l2_mib: 12, l2_gbps: 15, dram_gbps: 20 },
};

const GRIDS = [
  { designs: 1_186_380_000, bar: 60, spec: specOf('fine', RANGES, (axis) => FINE[axis]!) },
  { designs: 1e12, bar: 600, spec: specOf('vast', { ...RANGES, ...MORE_RANGES }, () => 10) },
];

const MOST_MB = 1000;

export async function frontierBench(): Promise<Outcome> {
  const outcome: Required<Outcome> = { timings: [], checks: [], notes: [] };
  for (const { designs, bar, spec } of GRIDS) {
    const [seconds, peak] = await inFolder(async (folder) => {
      const args = ['frontier', writeSpec(folder, spec), '--json', '--out', join(folder, 'frontier'), '--fresh'];
      const taken = secondsOf(() => runProgram(args));
      return [taken, process.platform === 'linux' ? await peakMemoryOf(args) : undefined] as const;
    });
    const name = `front of ${designs.toExponential(1)} designs`;
    outcome.timings.push(timingOf(name, 'designs', designs, [seconds]));
    const check = { passes: 'at most' } as const;
    const checks: Check[] = [{ ...check, name, value: seconds, bar, unit: 's' }];
    if (peak !== undefined)
      checks.push({ ...check, name: `most memory of the ${name}`, value: peak / 1e6, bar: MOST_MB, unit: 'MB' });
    outcome.checks.push(...checks);
  }
  return outcome;
}
