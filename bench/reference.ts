/** The study that the benches are about: ResNet-152 on a TITAN Xp whose SMs, clock, multipliers and bandwidths move. */
import { parseStudy } from '../src/space/files/spec-file.js';
import type { Study, SweepSpec } from '../src/space/study.js';

const steps = (from: number, to: number, count: number) => ({ range: { from, to, steps: count } });

/** So many million points, 1 or more; each a network evaluated on a design of its own. */
export function referenceSpec(millions: number): SweepSpec {
  return {
    name: 'reference',
    model: 'delta',
    baseline: 'titan-xp',
    workloads: [{ network: 'resnet152', batch: 256, pass: 'forward' }],
    axes: {
      sm_count: { scale: [1, 1.5, 2, 3, 4] },
      clock_ghz: steps(1, 2, 5 * millions),
      macs_per_clk: { scale: [1, 2] },
      issue_per_clk: { scale: [1, 2] },
      smem_gbps: { scale: [1, 1.5, 2, 3] },
      l1_gbps: { scale: [1, 1.25, 1.5, 2, 3] },
      l2_gbps: steps(800, 8000, 20),
      dram_gbps: steps(400, 3000, 25),
    },
  };
}

/** A few thousand points of the same kind, several contexts among them: for comparing results. */
export function smallSpec(): SweepSpec {
  return {
    ...referenceSpec(1),
    name: 'small',
    axes: {
      l1_gbps: { scale: [1, 3] },
      sm_count: { scale: [1, 1.5, 4] },
      clock_ghz: steps(1, 2, 3),
      macs_per_clk: { scale: [0.5, 1, 2] },
      issue_per_clk: { scale: [1, 2] },
      l2_mib: { scale: [0.5, 4] },
      l2_ns: { scale: [0.5, 1, 20] },
      dram_gbps: steps(40, 3000, 7),
    },
  };
}

export const studyOf = (spec: SweepSpec): Study => parseStudy(JSON.stringify(spec), `${spec.name}.json`, '.');
