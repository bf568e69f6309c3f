/** `query --with`: a second study beside the first. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { deltaSweep, printedJson } from '../helpers/command.js';
import { fingerprint, FORBIDDEN_OF_ATTACHED } from '../helpers/database.js';
import { TINY, writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let folder: string;
beforeAll(async () => {
  folder = makeFolder();
  await deltaSweep(['run', writeSpec(folder, TINY)], folder);
  await deltaSweep(['run', writeSpec(folder, { ...TINY, name: 'older', model: 'delta-2019' })], folder);
});

const refused = (args: readonly string[]) => deltaSweep(['query', 'tiny', 'SELECT 1', ...args], folder);

describe('query --with', () => {
  it('compares two studies in one statement', async () => {
    const sql =
      'SELECT id, main.points.time_ms AS now, old.points.time_ms AS before FROM points JOIN old.points USING (id) ORDER BY id';
    const rows = await printedJson(['query', 'tiny', sql, '--with', 'old=older', '--json'], folder);
    const timesOf = (name: string) =>
      rowsOf(join(folder, 'results', name), 'SELECT id, time_ms FROM points ORDER BY id').map((row) => row['time_ms']);
    const [now, before] = [timesOf('tiny'), timesOf('older')];
    expect(now).toHaveLength(40);
    expect(rows).toEqual(now.map((time, id) => ({ id, now: time, before: before[id] })));
  });

  it('takes as many studies as SQLite does, by name or folder', async () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => ['--with', `s${i}=./results/older`]).flat();
    const sql = 'SELECT count(*) AS n FROM s9.points';
    expect(await printedJson(['query', 'tiny', sql, ...many(10), '--json'], folder)).toEqual([{ n: 40 }]);
    expect((await refused(many(11))).stderr).toBe('delta-sweep: --with, got 11, expected at most 10 studies\n');
  });

  it.each([
    [['--with', 'older'], /--with, got "older", expected NAME=STUDY/],
    [['--with', 'main=older'], /--with, got "main=older", expected NAME=STUDY/],
    [['--with', 'Temp=older'], /--with, got "Temp=older"/],
    [['--with', 'a=older', '--with', 'A=older'], /--with, got "A=older".* that is not taken/],
    [['--with', 'a"; DROP TABLE points; --=older'], /--with, got "a/],
    [['--with', 'a='], /--with, got "a="/],
    [['--with', 'a=oldr'], /no study 'oldr'/],
  ])('refuses %j in one line', async (args, message) => {
    const { code, stdout, stderr } = await refused(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^delta-sweep: [^\n]*\n$/);
    expect(stderr).toMatch(message);
  });

  it('refuses what would write to either, and changes no file', async () => {
    const before = fingerprint(folder);
    const statements = FORBIDDEN_OF_ATTACHED.filter((_, i) => i % 2 === 0);
    for (const sql of statements) {
      const { code, stdout, stderr } = await deltaSweep(['query', 'tiny', sql, '--with', 'other=older'], folder);
      expect({ sql, code, stdout }).toEqual({ sql, code: 1, stdout: '' });
      expect(stderr).toMatch(/^delta-sweep: (SQL: |the statement does not read rows)[^\n]*\n$/);
    }
    expect(fingerprint(folder)).toEqual(before);
  });
});
