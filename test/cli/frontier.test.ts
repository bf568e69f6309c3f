import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deltaSweep, printedJson, startDeltaSweep } from '../helpers/command.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

/** 2,880 designs. */
const SPEC = {
  name: 'rates',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 16 }],
  axes: {
    sm_count: { scale: [1, 2] },
    macs_per_clk: { scale: [1, 2, 3, 4] },
    issue_per_clk: { scale: [1, 2, 3, 4] },
    l2_gbps: { scale: [1, 1.5, 2, 3, 4, 5, 6, 7, 8] },
    dram_gbps: { scale: [1, 1.3, 1.7, 2.2, 3, 4, 5, 6, 7, 8] },
  },
  constraints: ['l2_gbps >= 1.5 * dram_gbps'],
};

interface FrontJson {
  objectives: string[];
  front: Record<string, number | string | boolean | null>[];
  points: number;
  evaluated: number;
  seconds: number;
}

const isState = (name: string) => name.endsWith('.json');

/** What tells designs apart: their row, without what a stored study alone computes. */
const rowsOf = ({ front }: FrontJson) => front.map(({ robust: _, ...row }) => row);

describe('frontier', () => {
  it('prints what run prints of the same spec, from fewer designs', async () => {
    const folder = makeFolder();
    const spec = writeSpec(folder, SPEC);
    const found = await printedJson<FrontJson>(['frontier', spec, '--json'], folder);
    const all = await printedJson<FrontJson>(['run', spec, '--json'], folder);
    expect(rowsOf(found)).toEqual(rowsOf(all));
    expect(found.points).toBe(all.points);
    expect(found.evaluated).toBeLessThan(all.evaluated);
    expect(Object.keys(all).filter((key) => !(key in found))).toEqual([]);
  });

  it('keeps limits, and says what it looked for', async () => {
    const folder = makeFolder();
    const spec = writeSpec(folder, SPEC);
    const asked = ['--minimize', 'area_mm2', '--at-least', 'speedup=2'];
    const { code, stdout, stderr } = await deltaSweep(['frontier', spec, ...asked], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('within speedup >= 2\nleast area_mm2: ');
    expect(stderr).toMatch(/proven over all 2,880 designs of the grid: [\d,]+ of them evaluated/);
    const { front } = await printedJson<FrontJson>(['frontier', spec, ...asked, '--json'], folder);
    expect(front.every(({ speedup }) => Number(speedup) >= 2)).toBe(true);
    expect(front.length).toBeGreaterThan(0);
  });

  it('remembers what it has found, and starts anew when it is told to', async () => {
    const folder = makeFolder();
    const spec = writeSpec(folder, SPEC);
    await deltaSweep(['frontier', spec, '--out', 'here'], folder);
    expect(readdirSync(join(folder, 'here')).filter(isState)).toHaveLength(1);
    const again = await deltaSweep(['frontier', spec, '--out', 'here'], folder);
    expect(again.stderr).toContain('this front was found before; nothing to do (--fresh searches again)');
    const fresh = await deltaSweep(['frontier', spec, '--out', 'here', '--fresh'], folder);
    expect(fresh.stderr).not.toContain('found before');
    expect(fresh.stdout).toBe(again.stdout);
  });

  it('is stopped by Ctrl-C with exit code 130, and the same command resumes it', async () => {
    const folder = makeFolder();
    const steps = (from: number, to: number) => ({ range: { from, to, steps: 20 } });
    const axes = { ...SPEC.axes, sm_count: steps(30, 125), l2_mib: steps(2, 21) };
    const args = ['frontier', writeSpec(folder, { ...SPEC, axes }), '--out', 'here'];
    const running = startDeltaSweep(args, folder);
    const isSaved = () => existsSync(join(folder, 'here')) && readdirSync(join(folder, 'here')).some(isState);
    while (!isSaved()) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill('SIGINT');
    const { code, stderr } = await running.outcome;
    expect([code, stderr]).toEqual([130, expect.stringContaining('the same command resumes where it stopped')]);
    const { state } = JSON.parse(
      readFileSync(join(folder, 'here', readdirSync(join(folder, 'here')).find(isState)!), 'utf8'),
    ) as { state: { rounds: number; ofRounds: number } };
    expect(state.rounds).toBeLessThan(state.ofRounds);
    const again = await deltaSweep(args, folder);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain(`resuming: ${state.rounds} of`);
  });

  it.each([
    [['--minimize', 'balance'], "a frontier cannot bound 'minimize balance'"],
    [['--minimize', 'dram_gb'], 'the objectives of a frontier, expected time, area or energy among them'],
    [['--at-least', 'area_mm2=3'], "a frontier cannot bound 'at least area_mm2'"],
    [['--at-most', 'area_mm2=3'], 'no design has area_mm2 <= 3'],
    [['--maximize', 'speed'], "did you mean 'speedup'?"],
  ])('refuses %j in a line', async (options, message) => {
    const folder = makeFolder();
    const { code, stderr, stdout } = await deltaSweep(['frontier', writeSpec(folder, SPEC), ...options], folder);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([1, '']);
  });
});
