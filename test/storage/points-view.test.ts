/** The view `points` is what `points.arrow` holds: in every cell, for studies of any shape, in SQLite and in DuckDB. */
import { describe, expect, it } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxisSpec } from '../../src/space/axis.js';
import type { OptionSpec } from '../../src/space/options.js';
import { columnsOf } from '../../src/space/columns.js';
import { resolveStudy, type Study, type SweepSpec } from '../../src/space/study.js';
import { ROUND_COSTS, ROUND_GPU, squareLayer } from '../fixtures/model.js';
import { plainColumns, storedPointColumns, type Cell, type Columns } from '../helpers/export.js';
import { randomStudy } from '../helpers/random-studies.js';
import { randomOf, type Random } from '../helpers/random.js';
import { OPTIONS, SMALL, studyOf } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

/** Names that SQL has its own view of. */
const NETWORKS = ["it's", 'a "net"', '-- 網'].map((name) => ({
  name,
  layers: [squareLayer(), squareLayer({ name: 'b', filter: 3, pad: 1 })],
}));

const scales = (random: Random, count: number): AxisSpec => ({
  scale: Array.from({ length: count }, () => [0.2, 0.75, 1, 2, 4][random.below(5)]!),
});

/** A study of what shapes an id: several workloads, options, a linked group, too few registers, tiles or a long axis. */
function richStudy(seed: number): Study {
  const random = randomOf(seed);
  const workloads = Array.from({ length: 2 + random.below(2) }, (_, i) => ({
    network: NETWORKS[i]!.name,
    batch: 1 + random.below(40),
  }));
  const linked = 2 + random.below(2);
  const options: OptionSpec[] = Array.from({ length: 2 + random.below(2) }, (_, i) => ({
    name: `option '${i}'`,
    scale: { sm_count: 1 + i, clock_ghz: 1 + random.next() },
  }));
  const spec: SweepSpec = {
    name: 'rich',
    model: random.next() < 0.5 ? 'delta' : 'delta-2019',
    baseline: 'round',
    workloads,
    axes: {
      register_kib: scales(random, 2),
      ...(seed % 4 === 1
        ? { dram_gbps: { range: { from: 40.5, to: 900, steps: 600, spacing: 'log' } } }
        : { cta_tile: { values: ['auto', '128x128x8', '512x64x64'] } }),
    },
    linked: [{ l2_mib: scales(random, linked), l2_gbps: scales(random, linked) }],
    ...(seed % 3 ? { options } : {}),
    constraints: ['l2_gbps < 4 * base.l2_gbps'],
    ...(seed % 4 === 0 ? { store: { reasons: 'all' } } : {}),
  };
  return resolveStudy(spec, {
    baseline: ROUND_GPU,
    networks: workloads.map((_, i) => NETWORKS[i]!),
    costs: ROUND_COSTS,
  });
}

/** Cells as `points.arrow` has them, read by Apache's own reader. */
function arrowColumns(folder: string): Columns {
  const table = tableFromIPC(readFileSync(join(folder, 'points.arrow')));
  return plainColumns(Object.fromEntries(table.schema.fields.map(({ name }, c) => [name, table.getChildAt(c)!])));
}

/** The first cells that differ, bit by bit: -0 is not 0. */
function differences(got: Columns, wanted: Columns): string[] {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  return Object.entries(wanted).flatMap(([name, cells]) => {
    const row = cells.findIndex((cell, i) => !Object.is(got[name]![i], cell));
    const length = got[name]!.length === cells.length ? [] : [`${name}: ${got[name]!.length} for ${cells.length} rows`];
    return row < 0 ? length : [`${name}[${row}]: ${String(got[name]![row])} for ${String(cells[row])}`, ...length];
  });
}

interface Item {
  name: string;
  sql: string;
}

/** What DuckDB makes of the view: the tables by their own DDL, with their types of 64 bits, and the view's very text. */
async function duckdbColumns(folder: string): Promise<Columns> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const items = rowsOf<Item>(
      folder,
      `SELECT name, sql FROM sqlite_schema
       WHERE type = 'table' AND (name IN ('evaluated', 'workloads') OR name LIKE 'dimension_%')`,
    );
    for (const { name, sql } of items) {
      await connection.run(sql.replace(/\bREAL\b/g, 'DOUBLE').replace(/\bINTEGER\b/g, 'BIGINT'));
      const appender = await connection.createAppender(name);
      const types = rowsOf<{ type: string }>(folder, `SELECT type FROM pragma_table_info('${name}')`);
      for (const row of rowsOf<Record<string, Cell>>(folder, `SELECT * FROM ${name}`)) {
        Object.values(row).forEach((cell, c) => {
          if (cell === null) appender.appendNull();
          else if (typeof cell === 'string') appender.appendVarchar(cell);
          else if (types[c]!.type === 'INTEGER') appender.appendBigInt(BigInt(cell));
          else appender.appendDouble(cell);
        });
        appender.endRow();
      }
      appender.closeSync();
    }
    await connection.run(rowsOf<Item>(folder, "SELECT sql FROM sqlite_schema WHERE name = 'points'")[0]!.sql);
    return plainColumns((await connection.runAndReadAll('SELECT * FROM points ORDER BY id')).getColumnsObjectJS());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const STUDIES: [string, Study][] = [
  ...[1, 2, 3, 4, 5, 6].map((seed): [string, Study] => [`everything, seed ${seed}`, richStudy(seed)]),
  ...[7, 8].map((seed): [string, Study] => [`random axes, seed ${seed}`, randomStudy(randomOf(seed), 'delta')]),
  ...[9, 10].map((seed): [string, Study] => [`random axes of delta-2019, seed ${seed}`, randomStudy(randomOf(seed))]),
  ['linked axes and constraints', studyOf(SMALL)],
  ['named options', studyOf(OPTIONS)],
];

it('the studies of these tests have options, linked axes, long ones, tiles, several workloads and reasons among them', () => {
  const axes = STUDIES.flatMap(([, study]) => study.dimensions.flat());
  expect(axes.some(({ values }) => values.length === 600)).toBe(true);
  expect(axes.some(({ id }) => id === 'cta_tile')).toBe(true);
  const all = STUDIES.map(([, study]) => study);
  expect(all.filter(({ options }) => options).length).toBeGreaterThan(2);
  expect(all.some(({ dimensions }) => dimensions.some((dimension) => dimension.length > 1))).toBe(true);
  expect(all.filter(({ workloads }) => workloads.length > 1).length).toBeGreaterThan(5);
  expect(all.some(({ reasons }) => reasons === 'all')).toBe(true);
});

describe.each(STUDIES)('the view points of a study with %s', (_, study) => {
  const columns = columnsOf(study);
  let folder: string;
  const stored = async () => {
    if (folder !== undefined) return folder;
    folder = makeFolder();
    await storeStudy(folder, study, { chunkPoints: 1000 });
    return folder;
  };

  it('equals points.arrow in every cell, bit by bit', async () => {
    const arrow = arrowColumns(await stored());
    expect(arrow['id']!.length).toBeGreaterThan(5);
    expect(differences(storedPointColumns(folder), arrow)).toEqual([]);
  });

  it('names every column in order, with its type', async () => {
    const info = rowsOf<{ name: string; type: string }>(await stored(), 'PRAGMA table_info(points)');
    expect(info.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
    const types = { int: /^(INT|INTEGER)$/, real: /^REAL$/, text: /^TEXT$/ };
    info.forEach(({ name, type }, c) => expect([name, types[columns[c]!.type].test(type)]).toEqual([name, true]));
  });

  it('is SQL without encoded data', async () => {
    const [view] = rowsOf<Item>(await stored(), "SELECT name, sql FROM sqlite_schema WHERE name = 'points'");
    expect(view!.sql).not.toMatch(/\bx'/i);
    expect(view!.sql).not.toMatch(/[0-9a-f]{32}/i);
    expect(view!.sql.length).toBeLessThan(8000);
  });

  it('reads no dimension table for a query of evaluated columns, and one for a query of one axis', async () => {
    const planOf = (sql: string) =>
      rowsOf<{ detail: string }>(folder, `EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail);
    await stored();
    expect(planOf('SELECT time_ms, bottleneck, infeasible FROM points')).toEqual(['SCAN e']);
    expect(planOf('SELECT count(*), avg(time_ms) FROM points WHERE area_mm2 < 600')).toEqual(['SCAN e']);
    const axis = study.dimensions[0]![0]!.id;
    const [scan, ...lookUp] = planOf(`SELECT ${axis} FROM points`);
    expect(scan).toBe('SCAN e');
    expect(lookUp.filter((line) => !/^CORRELATED SCALAR SUBQUERY/.test(line))).toEqual([
      expect.stringMatching(/^SEARCH dimension_1 USING INTEGER PRIMARY KEY/),
    ]);
  });

  it('gives the same rows in DuckDB, from its own text', async () => {
    const wanted = storedPointColumns(await stored());
    expect(differences(await duckdbColumns(folder), wanted)).toEqual([]);
  });
});
