/** The recipes of docs/python.md, run one after the other in a folder with its study and its exports. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { prepareFolder, ROOT, runInFolder, withOutputs } from '../../scripts/console-blocks.js';
import { duckdb } from '../helpers/duckdb.js';
import { python, where } from '../helpers/python.js';
import { rowsOf } from '../helpers/stored.js';

const page = readFileSync(join(ROOT, 'docs/python.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block]) => block!);

/** What a recipe says it prints, and what it is run with. */
const [fromSqlite, fromCsv, withPolars] = blocks('python');
const printedBy = (recipe: string) => /\) {2}# (.*)\n$/.exec(recipe)![1];

describe('the recipes in docs/python.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-recipes-'));
  const here = process.cwd();
  beforeAll(() => {
    prepareFolder(folder);
    runInFolder('delta-sweep run sweeps/balanced-scaling.yaml', folder);
    withOutputs(page, folder);
    process.chdir(folder); // DuckDB starts from here
  });
  afterAll(() => {
    process.chdir(here);
    rmSync(folder, { recursive: true, force: true });
  });

  where('pandas')('read SQLite with pandas', () => {
    expect(fromSqlite).toContain('read_sql');
    expect(python(fromSqlite!, [], folder).trim()).toBe(printedBy(fromSqlite!));
  });

  where('pandas')('read CSV and its units with pandas', () => {
    expect(fromCsv).toContain('read_csv');
    expect(python(fromCsv!, [], folder).trim()).toBe(printedBy(fromCsv!));
  });

  /** What the recipe for Polars prints, from SQLite. */
  const fastestWithin600 = () =>
    rowsOf<{ ms: number }>(
      join(folder, 'results/balanced-scaling'),
      'SELECT min(time_ms) AS ms FROM points WHERE area_mm2 < 600',
    )[0]!.ms;

  it('read Arrow with Polars, here with its binding for Node', () => {
    const file = /read_ipc\("(.*)"\)/.exec(withPolars!)![1]!;
    const points = pl.readIPC(readFileSync(file));
    expect(points.filter(pl.col('area_mm2').lt(600)).getColumn('time_ms').min()).toBe(fastestWithin600());
  });

  where('polars')('read Arrow with Polars in Python', () => {
    expect(Number(python(withPolars!, [], folder))).toBe(fastestWithin600());
  });

  it.each(blocks('sql'))('answer with DuckDB: %s', async (block) => {
    const [, sql, answer] = /^([\s\S]*)\n-- (.*)\n$/.exec(block)!;
    const columns = await duckdb(sql!);
    expect(
      Object.values(columns)
        .map((cells) => String(cells[0]))
        .join(' '),
    ).toBe(answer);
  });

  it('are all there', () => {
    expect(blocks('python')).toHaveLength(3);
    expect(blocks('sql')).toHaveLength(3);
  });
});
