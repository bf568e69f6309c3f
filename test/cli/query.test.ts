import { beforeAll, describe, expect, it } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { deltaSweep, MAIN, printed, printedJson, start } from '../helpers/command.js';
import { SMALL, writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let folder: string;
let study: string;
beforeAll(async () => {
  folder = makeFolder();
  study = join(folder, 'results/small');
  await deltaSweep(['run', writeSpec(folder, SMALL)], folder);
});

const SQL =
  'SELECT id, network, time_ms, infeasible, NULL AS void, sm_count AS "a ""b"", c" FROM points WHERE id % 3 = 0 ORDER BY id';
const COUNT = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 25000)';
const query = (format: string, sql = SQL) => printed(['query', 'small', sql, '--format', format], folder);

/** Fields of a line of CSV, RFC 4180. */
const csvFields = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  );

describe('query', () => {
  it('gives the rows as a list of JSON objects, also with --json', async () => {
    const expected = rowsOf(study, SQL);
    expect(expected.length).toBeGreaterThan(100);
    expect(JSON.parse(await query('json'))).toEqual(expected);
    expect(await printedJson(['query', study, SQL, '--json'], folder)).toEqual(expected);
    expect(JSON.parse(await query('json', 'SELECT 1 AS x WHERE 0'))).toEqual([]);
  });

  it('gives the rows as one JSON object a line', async () => {
    const lines = (await query('ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rowsOf(study, SQL));
  });

  it('gives the rows as CSV with a header, NULL as nothing, numbers to their last bit', async () => {
    const [header, ...lines] = (await query('csv')).trimEnd().split('\n');
    expect(csvFields(header!)).toEqual(['id', 'network', 'time_ms', 'infeasible', 'void', 'a "b", c']);
    const rows = lines.map((line) => csvFields(line).map((field) => (field === '' ? null : field)));
    const expected = rowsOf(study, SQL).map((row) =>
      Object.values(row).map((cell) => (cell === null ? null : String(cell))),
    );
    expect(rows).toEqual(expected);
  });

  it('gives the rows as an Arrow file that other programs read', async () => {
    const { bytes } = await deltaSweep(['query', 'small', SQL, '--format', 'arrow'], folder);
    const frame = pl.readIPC(bytes);
    const expected = rowsOf(study, SQL);
    expect(frame.columns).toEqual(Object.keys(expected[0]!));
    for (const name of frame.columns) {
      const cells = [...frame.getColumn(name).toArray()].map((cell: unknown) =>
        typeof cell === 'bigint' ? Number(cell) : (cell ?? null),
      );
      expect(cells).toEqual(expected.map((row) => row[name]));
    }
    const types = tableFromIPC(bytes).schema.fields.map(({ type }) => String(type));
    expect(types.slice(0, 4)).toEqual(['Int64', 'Utf8', 'Float64', 'Utf8']);
  });

  it('gives an Arrow file of many batches, whose columns hold what comes last as well', async () => {
    const sql = `${COUNT} SELECT iif(x <= 24000, x, x + 0.5) AS number, iif(x = 24999, 'a', x) AS text, NULL AS void FROM c`;
    const { bytes } = await deltaSweep(['query', 'small', sql, '--format', 'arrow'], folder);
    const table = tableFromIPC(bytes);
    expect(table.batches).toHaveLength(3);
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual(['Float64', 'Utf8', 'Int64']);
    const frame = pl.readIPC(bytes);
    expect(frame.height).toBe(25_000);
    expect(frame.row(0)).toEqual([1, '1', null]);
    expect(frame.row(24_998)).toEqual([24_999.5, 'a', null]);
  });

  it('gives an Arrow file of no rows', async () => {
    const { bytes } = await deltaSweep(['query', 'small', `${SQL} LIMIT 0`, '--format', 'arrow'], folder);
    expect(tableFromIPC(bytes).numRows).toBe(0);
    expect(pl.readIPC(bytes).columns).toContain('time_ms');
  });

  it.each(['table', 'csv', 'json', 'ndjson', 'arrow'])('streams rows as %s in little memory', async (format) => {
    const sql = `${COUNT.replace('25000', '400000')} SELECT x, x * 0.5 AS half, 'text ' || x AS text FROM c`;
    const shell = `node --max-old-space-size=40 "${MAIN}" query small "${sql}" --format ${format} | tail -c 4`;
    const { code, stdout, stderr } = await start('bash', ['-o', 'pipefail', '-c', shell], folder).outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const ends = { table: '000\n', csv: '000\n', json: '}\n]\n', ndjson: '0"}\n', arrow: 'ROW1' };
    expect(stdout).toBe(ends[format as keyof typeof ends]);
  });

  it('gives the rows as a table, numbers to the right', async () => {
    const table = await query('table', "SELECT 1 AS n, 'a' AS text UNION ALL SELECT 2000.5, NULL");
    expect(table).toBe('    n  text\n    1  a\n2,001  NULL\n');
  });

  it('shows rows that are too wide for a table one field a line', async () => {
    const text = await query('table', 'SELECT * FROM points ORDER BY id LIMIT 2');
    expect(text).toMatch(/^id +\d+\ndesign +\d+\nnetwork +alexnet\nbatch +16\n/);
    expect(text.split('\n\n')).toHaveLength(2);
    expect(await query('table', 'SELECT * FROM points WHERE 0')).toMatch(/^id\ndesign\nnetwork\nbatch\n/);
  });

  it('shows hundreds of thousands of rows in a moment', async () => {
    const sql = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 200000) SELECT x FROM c';
    const lines = (await query('table', sql)).trimEnd().split('\n');
    expect(lines).toHaveLength(200_001);
    expect(lines.at(-1)).toBe('200000');
  }, 30_000);

  it('runs the example of its help as it stands, and says what is missing', async () => {
    await deltaSweep(['run', writeSpec(folder, { ...SMALL, name: 'balanced-scaling' })], folder);
    const example = /Examples:\n {2}delta-sweep (.*)/.exec(await printed(['query', '--help']))![1]!;
    expect(await printed(example.split(' '), folder)).toMatch(/^network +batch +pass +id/);
    const failing: [string[], RegExp][] = [
      [['query'], /query, expected a study's folder/],
      [['query', 'small'], /either SQL or --recipe NAME/],
      [['query', 'small', 'SELECT 1', '--recipe', 'front'], /either SQL or --recipe NAME/],
      [['query', 'small', 'SELECT 1', '--set', 'area_mm2=1'], /--set, got "area_mm2=1", expected a --recipe/],
      [['query', 'small', '--recipe', 'frnt'], /--recipe: unknown value, got "frnt".* \(did you mean 'front'\?\)/],
      [['query', 'small', '--recipe', 'idle', '--set', 'design=2'], /\(did you mean 'designs'\?\)/],
      [['query', 'small', '--recipe', 'idle', '--set', 'designs=two'], /--set designs, got "two", expected a number/],
      [['query', 'small', '--recipe', 'front', '--set', 'x=2'], /recipe front has nothing to set/],
      [['query', 'small', 'SELECT tme_ms FROM points'], /tme_ms at character 8, .*\(did you mean 'time_ms'\?\)/],
      [['query', 'small', 'SELECT @x'], /SQL: Missing named parameter "x"/],
    ];
    const outcomes = await Promise.all(failing.map(([args]) => deltaSweep(args, folder)));
    for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^delta-sweep: [^\n]*\n$/);
      expect(stderr).toMatch(failing[i]![1]);
    }
  });

  it('lists every table and view, and leaves the folder as it is', async () => {
    const tables = await printedJson<{ name: string }[]>(
      ['query', 'small', "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name", '--json'],
      folder,
    );
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'axes',
        'baseline',
        'chunks',
        'evaluated',
        'layers',
        'pareto',
        'points',
        'study',
        'workloads',
      ]),
    );
    expect(readdirSync(study).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
  });
});
