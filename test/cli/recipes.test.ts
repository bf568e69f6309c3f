/** The recipes of `query`, on studies of each kind; the slow way is plain code over all rows. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { RECIPES } from '../../src/storage/read/recipes.js';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { OPTIONS, SMALL, WIDE, writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

type Row = Record<string, number | string | null>;

const STUDIES = [SMALL, WIDE, OPTIONS, { ...WIDE, name: 'kept-front', store: { points: 'front' as const } }];
const WORKLOAD = ['network', 'batch', 'pass'];

const makeFolder = tempFolders();
let folder: string;
beforeAll(async () => {
  folder = makeFolder();
  for (const study of STUDIES) await deltaSweep(['run', writeSpec(folder, study)], folder);
});

const ask = (study: string, recipe: string, ...settings: string[]) =>
  printedJson<Row[]>(
    ['query', study, '--recipe', recipe, ...settings.flatMap((text) => ['--set', text]), '--json'],
    folder,
  );
const pointsOf = (study: string) => rowsOf<Row>(join(folder, 'results', study), 'SELECT * FROM points');
const keyOf = (row: Row) => WORKLOAD.map((name) => row[name]).join(' ');
const pick = (row: Row, names: readonly string[]) => Object.fromEntries(names.map((name) => [name, row[name]]));

/** The first rows of each workload, in an order of metrics, then of ids. */
function firstOfEach(rows: readonly Row[], by: readonly string[], most: number): Row[] {
  const order = (a: Row, b: Row) =>
    [...by, 'id'].map((name) => Number(a[name]) - Number(b[name])).find((difference) => difference !== 0) ?? 0;
  const keys = [...new Set(rows.map(keyOf))].sort();
  return keys.flatMap((key) =>
    rows
      .filter((row) => keyOf(row) === key)
      .sort(order)
      .slice(0, most),
  );
}

describe('recipes', () => {
  it('are listed with what they answer and what may be set', async () => {
    const list = await printed(['query', '--recipes'], folder);
    for (const { name, parameters } of RECIPES) {
      expect(list).toMatch(new RegExp(`^${name} `, 'm'));
      for (const parameter of parameters) expect(list).toContain(`${parameter.name}=${parameter.default}`);
    }
    for (const line of list.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    const listed = await printedJson<{ name: string; sql: string }[]>(['query', '--recipes', '--json'], folder);
    expect(listed).toEqual(JSON.parse(JSON.stringify(RECIPES)));
  });

  it.each(STUDIES.map(({ name }) => name))('answer of %s, in a table that fits where it has rows', async (study) => {
    const tables = await Promise.all(RECIPES.map(({ name }) => printed(['query', study, '--recipe', name], folder)));
    for (const table of tables) {
      expect(table.split('\n').length).toBeGreaterThan(1);
      for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  it('front gives the designs of the stored front, as pareto does', async () => {
    const { front } = await printedJson<{ front: Row[] }>(['pareto', 'small', '--json'], folder);
    const rows = await ask('small', 'front');
    expect(rows.map(({ id }) => id).sort()).toEqual(front.map(({ id }) => id).sort());
    const marked = (await ask('small', 'balanced')).filter(({ mark }) => mark === 'balanced');
    expect(marked.map(({ id }) => id).sort()).toEqual(
      front
        .filter((row) => row['balanced'])
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('front is that of the objectives of the study, whatever other fronts are stored', async () => {
    const before = await ask('wide', 'front');
    await deltaSweep(['pareto', 'wide', '--minimize', 'dram_gb,time_ms'], folder);
    expect(await ask('wide', 'front')).toEqual(before);
  });

  it('best-under-area and cheapest-at-speedup find the first in each workload', async () => {
    const points = pointsOf('small').filter((row) => row['infeasible'] === null);
    const within = points.filter((row) => Number(row['area_mm2']) <= 500);
    const best = await ask('small', 'best-under-area', 'area_mm2=500', 'designs=3');
    expect(best).toHaveLength(6);
    expect(best.map(({ id }) => id)).toEqual(firstOfEach(within, ['time_ms', 'area_mm2'], 3).map(({ id }) => id));
    const fast = points.filter((row) => Number(row['speedup']) >= 1.5);
    const cheapest = await ask('small', 'cheapest-at-speedup', 'speedup=1.5');
    expect(cheapest.map(({ id }) => id)).toEqual(firstOfEach(fast, ['area_mm2', 'time_ms'], 5).map(({ id }) => id));
  });

  it('axis-effects and fastest-per-axis-value are what plain loops over the points find', async () => {
    const points = pointsOf('wide').filter((row) => row['infeasible'] === null);
    const effects = await ask('wide', 'axis-effects');
    const fastest = await ask('wide', 'fastest-per-axis-value');
    expect(new Set(effects.map(({ axis }) => axis))).toEqual(new Set(Object.keys(WIDE.axes!)));
    for (const effect of effects) {
      const alike = points.filter(
        (row) => keyOf(row) === keyOf(effect) && row[String(effect['axis'])] === effect['value'],
      );
      if (alike.length === 0) {
        expect([effect['mean_ms'], effect['best_ms']]).toEqual([null, null]);
        continue;
      }
      const logs = alike.reduce((sum, row) => sum + Math.log(Number(row['time_ms'])), 0);
      expect(effect['mean_ms']).toBeCloseTo(Math.exp(logs / alike.length), 9);
      const least = Math.min(...alike.map((row) => Number(row['time_ms'])));
      expect(effect['best_ms']).toBe(least);
      const names = [...WORKLOAD, 'axis', 'value'];
      const found = fastest.find((row) => JSON.stringify(pick(row, names)) === JSON.stringify(pick(effect, names)));
      expect(found?.['time_ms']).toBe(least);
      expect(alike.find(({ id }) => id === found?.['id'])?.['time_ms']).toBe(least);
    }
  });

  it('axis-effects of a study that keeps its front alone is about all of its points', async () => {
    const [kept, all] = [await ask('kept-front', 'axis-effects'), await ask('wide', 'axis-effects')];
    const names = [...WORKLOAD, 'axis', 'value', 'points', 'best_ms'];
    expect(kept.map((row) => pick(row, names))).toEqual(all.map((row) => pick(row, names)));
    kept.forEach((row, i) => {
      if (row['mean_ms'] !== null) expect(row['mean_ms']).toBeCloseTo(Number(all[i]!['mean_ms']), 4);
    });
  });

  it.each(['small', 'options'])('design tells the axes of a point of %s', async (study) => {
    for (const point of pointsOf(study).filter((_, i, { length }) => i % Math.ceil(length / 4) === 1)) {
      const axes = await ask(study, 'design', `id=${point['id']}`);
      expect(axes.length).toBeGreaterThan(1);
      for (const { axis, value } of axes) if (String(axis) in point) expect(value).toBe(point[String(axis)]);
    }
  });

  it('bottlenecks, infeasible and workloads count the points', async () => {
    const points = pointsOf('small');
    const total = (rows: Row[], name: string) => rows.reduce((sum, row) => sum + Number(row[name]), 0);
    expect(total(await ask('small', 'workloads'), 'points')).toBe(points.length);
    const bound = await ask('small', 'bottlenecks');
    const infeasible = await ask('small', 'infeasible');
    expect(total(infeasible, 'designs')).toBeGreaterThan(0);
    expect(total(bound, 'designs') + total(infeasible, 'designs')).toBe(points.length);
    expect(total(bound, 'percent')).toBeCloseTo(200, 9);
    expect(total(await ask('small', 'layers'), 'percent')).toBeCloseTo(200, 9);
  });

  it('that ask for the front say what to do where none is stored', async () => {
    const db = new Database(join(folder, 'results/options/study.db'));
    db.exec('DELETE FROM pareto');
    db.close();
    const { code, stderr } = await deltaSweep(['query', 'options', '--recipe', 'balanced'], folder);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'delta-sweep: recipe balanced: the study has no front stored, expected one that delta-sweep run has finished, or delta-sweep pareto STUDY to store it\n',
    });
    await deltaSweep(['pareto', 'options'], folder);
    expect((await ask('options', 'balanced')).length).toBeGreaterThan(0);
  });
});
