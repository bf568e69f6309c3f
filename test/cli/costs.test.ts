/** A user's cost constants through the command: what they change, and that they are part of a study's identity. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

const SPEC: SweepSpec = {
  name: 'costs',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 16 }],
  axes: { l2_mib: { scale: [1, 2] }, dram_gbps: { scale: [1, 2] } },
};

/** A cost model with another cost of L2 and of a multiply-add. */
const costModel = (l2: number, pj: number, source = 'mine') => `extends: default
l2_mm2_per_mib: { value: ${l2}, low: ${l2}, high: ${l2}, unit: mm2/MiB, node: 16, source: ${source} }
mac_pj: { value: ${pj}, low: ${pj}, high: ${pj}, unit: pJ, node: 16, source: ${source} }
`;

type Row = Record<'id' | 'l2_mib' | 'time_ms' | 'area_mm2' | 'energy_j' | 'power_w' | 'balance', number>;

/** Runs a spec in a folder; its rows. */
async function rowsAfter(folder: string, spec: SweepSpec, ...options: string[]): Promise<Row[]> {
  writeSpec(folder, spec);
  expect(await deltaSweep(['run', 'sweep.yaml', ...options], folder)).toMatchObject({ code: 0 });
  return rowsOf<Row>(join(folder, 'results/costs'), 'SELECT * FROM points ORDER BY id');
}

describe('a file of cost constants', () => {
  it('changes area, energy and power of a study, and nothing of its times', async () => {
    const folder = makeFolder();
    const before = await rowsAfter(folder, SPEC);
    writeFileSync(join(folder, 'mine.yaml'), costModel(20, 1000));
    const after = await rowsAfter(folder, { ...SPEC, costs: './mine.yaml' }, '--fresh');
    expect(after.map(({ time_ms }) => time_ms)).toEqual(before.map(({ time_ms }) => time_ms));
    // 2.49 mm2/MiB at 7 nm are 2.49 x 65.6/25.3 at the 16 nm of this baseline
    after.forEach((row, i) => {
      const mm2 = row.area_mm2 - before[i]!.area_mm2;
      expect(mm2).toBeCloseTo(row.l2_mib * (20 - 2.49 * (65.6 / 25.3)), 6);
      expect(row.energy_j).toBeGreaterThan(10 * before[i]!.energy_j);
      expect(row.power_w).toBeCloseTo((1000 * row.energy_j) / row.time_ms, 9);
    });
  });

  it('is part of the identity of a study; where it lies and what its sources say is not', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'mine.yaml'), costModel(20, 30));
    writeFileSync(join(folder, 'same.yaml'), costModel(20, 30, 'another source'));
    writeFileSync(join(folder, 'other.yaml'), costModel(20, 31));
    await rowsAfter(folder, { ...SPEC, costs: './mine.yaml' });
    await rowsAfter(folder, { ...SPEC, costs: './same.yaml' });
    for (const costs of ['./other.yaml', 'default']) {
      writeSpec(folder, { ...SPEC, costs });
      const { code, stderr } = await deltaSweep(['run', 'sweep.yaml'], folder);
      expect([code, stderr]).toEqual([1, expect.stringContaining('cost constants')]);
    }
  });

  it('that is not there is reported at its field', async () => {
    const folder = makeFolder();
    writeSpec(folder, { ...SPEC, costs: 'defualt' });
    const { code, stderr } = await deltaSweep(['run', 'sweep.yaml'], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/sweep\.yaml:\d+: costs: unknown cost table 'defualt'.*\(did you mean 'default'\?\)\n$/);
  });

  it('may be a whole cost model, or one with a constant that is wrong', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'wrong.yaml'), costModel(20, -1));
    writeSpec(folder, { ...SPEC, costs: './wrong.yaml' });
    const { code, stderr } = await deltaSweep(['run', 'sweep.yaml'], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/wrong\.yaml:3: mac_pj\.value: out of bounds, got -1, expected more than 0/);
  });
});

describe('explain', () => {
  const explain = ['explain', '--gpu', 'titan-xp', '--network', 'alexnet', '--batch', '16'];
  interface Explained {
    total: { time_ms: number };
    costs: Record<'area_mm2' | 'energy_j' | 'power_w', Record<'value' | 'low' | 'high', number>>;
  }

  it('tells what a study stores of the baseline, with low and high', async () => {
    const [baseline] = await rowsAfter(makeFolder(), SPEC);
    const { costs, total } = await printedJson<Explained>([...explain, '--json']);
    for (const metric of ['area_mm2', 'energy_j', 'power_w'] as const) {
      const { value, low, high } = costs[metric];
      expect(Math.abs(value / baseline![metric] - 1)).toBeLessThan(1e-12);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(costs.power_w.value).toBeCloseTo((1000 * costs.energy_j.value) / total.time_ms, 9);
  });

  it('takes the constants that --costs names', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'mine.yaml'), costModel(20, 30));
    const { costs } = await printedJson<Explained>([...explain, '--costs', 'mine.yaml', '--json'], folder);
    const usual = await printedJson<Explained>([...explain, '--json']);
    expect(costs.area_mm2.value - usual.costs.area_mm2.value).toBeCloseTo(3 * (20 - 2.49 * (65.6 / 25.3)), 6);
    expect(await printed([...explain, '--costs', 'mine.yaml'], folder)).toMatch(
      /^area \d+(\.\d+)? mm2 \([\d.]+ to [\d.]+\), energy .* J \(.*\), power .* W \(.*\)$/m,
    );
  });

  it('tells no costs on a process that the cost model does not know, and which it knows', async () => {
    const folder = makeFolder();
    const gpu = await printedJson<Record<string, unknown>>(['gpus', 'titan-xp', '--json']);
    writeFileSync(join(folder, 'gpu.json'), JSON.stringify({ ...gpu, process_nm: 5 }));
    const onGpu = ['explain', '--gpu', 'gpu.json', '--network', 'alexnet'];
    const note = 'no area, energy, power: the cost constants have no density for 5 nm, only for 4, 7, 12, 16, 28';
    const text = await printed(onGpu, folder);
    expect(text).not.toContain('mm2');
    expect(text).toMatch(new RegExp(`^note: ${note}$`, 'm'));
    const json = await printedJson<{ notes: string[]; costs?: unknown }>([...onGpu, '--json'], folder);
    expect(json.notes).toContain(note);
    expect(json).not.toHaveProperty('costs');
  });
});
