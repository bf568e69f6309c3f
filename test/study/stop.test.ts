/** A run that is told to stop at moments that a signal from outside seldom meets. */
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runStudy } from '../../src/study/run-study.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { studyOf, TINY } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(TINY);
const INTERRUPTED = 'interrupted; the same command resumes where it stopped';

describe('a run that is told to stop before anything is evaluated', () => {
  it('leaves a study that it was to replace as it was', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study);
    const files = readdirSync(folder).sort();
    const before = files.map((name) => readFileSync(join(folder, name)));
    const controller = new AbortController();
    const run = runStudy(study, { out: folder, fresh: true, workers: 1, signal: controller.signal });
    controller.abort();
    await expect(run).rejects.toThrow(INTERRUPTED);
    expect(readdirSync(folder).sort()).toEqual(files);
    files.forEach((name, i) => expect(readFileSync(join(folder, name)).equals(before[i]!)).toBe(true));
  });

  it('stops while what an earlier run has stored is checked, and is resumed later', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study, { chunkPoints: 4 });
    rmSync(join(folder, 'points.arrow'));
    let checked = 0;
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    const controller = new AbortController();
    const check = run.resume(controller.signal, () => void (++checked === 3 && controller.abort()));
    await expect(check).resolves.toBe(false);
    expect(checked).toBe(3);
    run.stop();

    const again = new AbortController();
    const stopped = runStudy(study, { out: folder, workers: 1, signal: again.signal });
    again.abort();
    await expect(stopped).rejects.toThrow(INTERRUPTED);
    expect(readdirSync(folder).sort()).toEqual(['chunks', 'study.db', 'study.json']);
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
  });

  it('finds invalid chunks wherever they are, and evaluates them again', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study, { chunkPoints: 4 });
    const rows = rowsOf(folder, 'SELECT * FROM points');
    rmSync(join(folder, 'points.arrow'));
    const db = new Database(join(folder, 'study.db'));
    db.exec('UPDATE chunks SET points = 3 WHERE chunk IN (0, 4); DELETE FROM evaluated WHERE id = 39');
    db.close();
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    await expect(run.resume()).resolves.toBe(true);
    run.stop();
    expect(run.notes.map((note) => /^chunk (\d+)/.exec(note)![1])).toEqual(['0', '4', '9']);
    expect([...run.pending()]).toEqual([0, 4, 9]);
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expect(rowsOf(folder, 'SELECT * FROM points')).toEqual(rows);
  });
});
