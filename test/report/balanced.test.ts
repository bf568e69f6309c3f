/** The last paragraph of a run: written from the figures of the balanced designs. */
import { describe, expect, it } from '@jest/globals';
import { frontOfBatches } from '../../src/analysis/front.js';
import { blockElasticities } from '../../src/analysis/balance.js';
import { areaAmounts, areaFactors, type AreaBlock, type AreaConstantId } from '../../src/model/cost.js';
import { modelOf } from '../../src/model/models.js';
import { describeBalanced } from '../../src/report/balanced.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import { gridOf, type Study, type SweepSpec } from '../../src/space/study.js';
import type { FrontRow } from '../../src/analysis/front-marks.js';
import { studyOf } from '../helpers/specs.js';

const SPEC: SweepSpec = {
  name: 'paragraph',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 16 }],
  axes: { sm_count: { scale: [1, 2] }, dram_gbps: { scale: [0.25, 1] }, l2_mib: { scale: [1, 4] } },
};

/** The front of a study, all points evaluated one by one. */
function frontOf(study: Study) {
  const evaluator = new PointEvaluator(study);
  const ids = Array.from({ length: gridOf(study).size }, (_, id) => id);
  const points = ids.map((id) => evaluator.evaluateId(id));
  const feasible = ids.filter((id) => !('infeasible' in points[id]!));
  const values = [
    (id: number) => (points[id] as { workload: { seconds: number } }).workload.seconds,
    (id: number) => Object.values((points[id] as { areas: Record<string, number> }).areas).reduce((a, b) => a + b),
  ].map((of) => Float64Array.from(feasible, of));
  return frontOfBatches(study, study.objectives, [{ ids: Float64Array.from(feasible), values }]);
}

function paragraphOf(spec: SweepSpec) {
  const study = studyOf(spec);
  const front = frontOf(study);
  const text = describeBalanced(study, front as unknown as FrontRow[]);
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(text).not.toMatch(/undefined|NaN|\[object|Infinity| {2}|\.\./);
  return { study, front, text, line: text.replaceAll('\n', ' ') };
}

describe('the paragraph on the balanced designs', () => {
  it('tells which it is, what bounds it, what to scale next and what sits idle', () => {
    const { front, line } = paragraphOf(SPEC);
    const balanced = front.find((design) => design.balanced)!;
    expect(line).toMatch(new RegExp(`^The balanced design of the front is ${balanced.id} `));
    expect(line).toMatch(/ times as fast as titan-xp on [\d,.]+ mm2\. It is bound by issue \(\d+% of the time\)/);
    expect(line).toMatch(/ Were issue 1\.\d+ times as fast, compute would decide as much\. /);
    const { dram } = blockElasticities(balanced.point);
    // All of the DRAM interface grows with its bandwidth.
    expect(line).toContain(
      `Scale dram_gbps next: 1% more of it saves ${Number(dram.toPrecision(2))}% of the time ` +
        `for ${Number((balanced.point.areas.dram / 100).toPrecision(3))} mm2; 1% more of smem_gbps and l1_gbps saves nothing for `,
    );
    expect(line).toMatch(
      /What sits idle could shrink, each alone for 1% of the time: .*smem_kib to \d+% \([\d.]+ mm2 less\)/,
    );
  });

  it.each<[string, Partial<SweepSpec>, AreaBlock, AreaConstantId[]]>([
    // Register files stay as they are.
    [
      'macs_per_clk and issue_per_clk',
      { axes: { dram_gbps: { scale: [8] } } },
      'compute',
      ['control_mm2_per_issue_slot', 'mac_mm2_per_mac_per_clk'],
    ],
    // So do multipliers that have more than they can be fed.
    [
      'issue_per_clk',
      { axes: { dram_gbps: { scale: [8] }, macs_per_clk: { scale: [2] } } },
      'compute',
      ['control_mm2_per_issue_slot'],
    ],
    // The paper's model reads no issue rate.
    [
      'macs_per_clk',
      { model: 'delta-2019', axes: { dram_gbps: { scale: [8] } } },
      'compute',
      ['mac_mm2_per_mac_per_clk'],
    ],
    // The crossbar alone, not the cells of the cache.
    ['l2_gbps', { axes: { l2_gbps: { scale: [0.1] } } }, 'l2', ['crossbar_mm2_per_gbps']],
  ])('prices 1% more of %s by what grows with it', (name, changes, block, constants) => {
    const { study, front, line } = paragraphOf({ ...SPEC, ...changes });
    const { id, point } = front.find((design) => design.balanced)!;
    const gpu = new PointEvaluator(study).gpuOfId(id);
    const [factors, amounts] = [areaFactors(gpu, study.costs), areaAmounts(gpu)];
    const price = constants.reduce((sum, constant) => sum + factors[constant] * amounts[constant], 0) / 100;
    const saved = Number(blockElasticities(point)[block].toPrecision(2));
    expect(line).toContain(
      `Scale ${name} next: 1% more of ${name.includes(' and ') ? 'both' : 'it'} saves ${saved}% of the time for ${Number(price.toPrecision(3))} mm2; `,
    );
  });

  it('never says of one resource that it should grow and shrink', () => {
    for (const l2 of [0.1, 0.5, 1]) {
      const { line } = paragraphOf({ ...SPEC, axes: { l2_gbps: { scale: [l2] }, l2_mib: { scale: [8] } } });
      const [, grown] = /Scale (.+) next: /.exec(line)!;
      const idle = line.slice(line.indexOf('What sits idle'));
      for (const id of grown!.split(' and ')) expect(idle).not.toContain(id);
    }
  });

  it('tells the one design of a front as such, and the baseline as what it is', () => {
    const { line } = paragraphOf({ ...SPEC, axes: { dram_gbps: { scale: [1] } } });
    expect(line).toMatch(/^The one design on the front is 0 \(the baseline itself\), 1 times as fast as titan-xp on /);
  });

  it('tells of each of some workloads, and counts the rest', () => {
    const workloads = [1, 2, 3, 4, 5].map((batch) => ({ network: 'alexnet', batch }));
    const { text } = paragraphOf({ ...SPEC, axes: { sm_count: { scale: [1, 2] } }, workloads });
    const paragraphs = text.split('\n\n');
    expect(paragraphs).toHaveLength(4);
    expect(paragraphs[1]).toMatch(/^alexnet, batch 2, forward: The balanced design /);
    expect(paragraphs[3]).toBe('The balanced designs of the other 2 workloads are marked in their tables.');
  });

  it('tells where no design runs a workload', () => {
    const { line } = paragraphOf({ ...SPEC, axes: { register_kib: { values: [16] } } });
    expect(line).toBe('No stored design is feasible.');
  });

  it('of delta-2019 leaves out what the model does not read', () => {
    const { line } = paragraphOf({ ...SPEC, model: 'delta-2019' });
    const idle = line.slice(line.indexOf('idle'));
    for (const id of modelOf('delta-2019').unread) expect(idle).not.toContain(id);
    expect(line).toMatch(/bound by (compute|dram) \(/);
  });

  it('says so where more area buys nothing, and where nothing sits idle', () => {
    // Latencies of a second: they bind, whatever the rates.
    const { line } = paragraphOf({ ...SPEC, axes: { l2_ns: { values: [1e9] } } });
    expect(line).toContain('bound by latency (100% of the time)');
    expect(line).toContain('More area buys no time in any block: what binds is no rate.');
  });
});
