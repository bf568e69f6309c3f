/** `query` reads: the built command over a database that SQLite made. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { deltaSweep, printed, startDeltaSweep } from '../helpers/command.js';
import { fingerprint, forbiddenStatements, writeStudyFolder } from '../helpers/database.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let folder: string;
beforeAll(() => {
  folder = makeFolder();
  writeStudyFolder(join(folder, 'results/tiny'));
});

const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)';

describe('query', () => {
  /** A process a statement is slow; all of them are tried on `openQuery`. */
  const SOME =
    /^(WITH more|UPDATE|DELETE|CREATE TABLE|DROP|ATTACH|PRAGMA (w|j.*=)|VACUUM|EXPLAIN D|SELECT (1; D|load|w))/;

  it('refuses what would write with exit code 1 and one line, and changes no file', async () => {
    const before = fingerprint(folder);
    const statements = forbiddenStatements(join(folder, 'results/tiny')).filter((sql) => SOME.test(sql));
    expect(statements.length).toBeGreaterThan(12);
    const outcomes = await Promise.all(statements.map((sql) => deltaSweep(['query', 'tiny', sql], folder)));
    for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
      const sql = statements[i];
      expect({ sql, code, stdout }).toEqual({ sql, code: 1, stdout: '' });
      expect(stderr).toMatch(/^delta-sweep: (SQL: |the statement does not read rows)[^\n]*\n$/);
    }
    expect(fingerprint(folder)).toEqual(before);
  });

  it('answers what reads', async () => {
    const lines = async (sql: string) => (await printed(['query', 'tiny', sql, '--format', 'csv'], folder)).trim();
    expect(await lines("SELECT count(*) AS n FROM pragma_table_info('points')")).toBe('n\n3');
    expect(await lines('WITH a(x) AS (VALUES (1), (2)) SELECT sum(x) AS s FROM a')).toBe('s\n3');
    expect(await lines('EXPLAIN QUERY PLAN SELECT * FROM points')).toContain('SCAN points');
  });

  const onUnix = process.platform === 'win32' ? it.skip : it;
  onUnix.each([
    ['never gives a row', `${ENDLESS} SELECT x FROM c WHERE x < 0`, 'csv'],
    ['never stops giving rows', `${ENDLESS} SELECT x FROM c`, 'csv'],
    ['never stops filling a table', `${ENDLESS} SELECT x FROM c`, 'table'],
    ['never comes to the end of a sum', `${ENDLESS} SELECT sum(x) FROM c`, 'table'],
    ['never comes to know its types', `${ENDLESS} SELECT x FROM c`, 'arrow'],
  ])('that %s leaves at once on Ctrl-C', async (_, sql, format) => {
    const { outcome, kill } = startDeltaSweep(['query', 'tiny', sql, '--format', format], folder);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const start = performance.now();
    kill('SIGINT');
    const { code, signal, stderr } = await outcome;
    expect(performance.now() - start).toBeLessThan(1000);
    // A shell tells the signal as exit code 130.
    expect({ code, signal, stderr }).toEqual({ code: null, signal: 'SIGINT', stderr: '' });
  });
});
