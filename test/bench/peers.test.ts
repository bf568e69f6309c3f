/** The peers of the benches give what the program gives: what is timed is the same work. */
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { kernelResults, kernelTimes } from '../../bench/kernel.js';
import { peerStudy } from '../../bench/peer/export.js';
import { missingModules, openPeers, runScript, TOLERANCE, worstDifference } from '../../bench/peers.js';
import { inFolder } from '../../bench/program.js';
import { smallSpec, studyOf } from '../../bench/reference.js';
import { cellOf, columnsOf } from '../../src/space/columns.js';

const study = studyOf(smallSpec());

/** A machine need not have what the peers need; then the test says so. */
const say = (line: string) => process.stderr.write(`not compared: ${line}\n`);

const agreement = (name: string) => ({ name, agrees: true });
const agree = (name: string, a: ArrayLike<number>, b: ArrayLike<number>) => ({
  name,
  agrees: worstDifference(a, b) <= TOLERANCE,
});

/** The table `points` of a database, by id. */
function pointsOf(file: string): { names: string[]; rows: (number | string | null)[][] } {
  const database = new Database(file, { readonly: true });
  const select = database.prepare('SELECT * FROM points ORDER BY id').raw();
  const names = select.columns().map(({ name }) => name);
  const rows = select.all() as (number | string | null)[][];
  database.close();
  return { names, rows };
}

describe('the peers of the benches', () => {
  it('find the times of the kernel in numpy and in C', () => {
    const { peers, missing, close } = openPeers(peerStudy(study));
    try {
      missing.forEach(say);
      const times = kernelTimes(study);
      for (const { name, run } of peers) expect(agree(name, run(1).timesMs, times)).toEqual(agreement(name));
    } finally {
      close();
    }
  });

  it('find every column of a study in the script of an architect', async () => {
    const missing = missingModules(['numpy', 'pandas']);
    if (missing) {
      say(missing);
      return;
    }
    await inFolder((folder) => {
      runScript(peerStudy(study), folder);
      const { names, rows } = pointsOf(`${folder}/points.db`);
      const columns = columnsOf(study);
      const ours = kernelResults(study);
      expect(names).toEqual(columns.map(({ name }) => name));
      expect(rows.length).toBe(ours.rows);
      columns.forEach((column, c) => {
        const expected = rows.map((_, row) => cellOf(column, ours.columns[c]!, row));
        const found = rows.map((row) => row[c]!);
        if (column.type === 'text') expect(found).toEqual(expected);
        else expect(agree(column.name, found as number[], expected as number[])).toEqual(agreement(column.name));
      });
    });
  });
});
