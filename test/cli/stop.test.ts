/** A run that is told to stop at moments that a signal from outside seldom meets. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateAndStore } from '../../src/cli/run-study.js';
import { studyOf, TINY } from '../helpers/specs.js';
import { storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(TINY);
const INTERRUPTED = 'interrupted; the same command goes on where it stopped';

describe('a run told to stop before anything is evaluated', () => {
  it('leaves a study that it was to replace as it was', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study);
    const files = readdirSync(folder).sort();
    const before = files.map((name) => readFileSync(join(folder, name)));
    const run = evaluateAndStore(study, folder, { fresh: true, workers: 1 });
    process.emit('SIGINT');
    await expect(run).rejects.toThrow(INTERRUPTED);
    expect(readdirSync(folder).sort()).toEqual(files);
    files.forEach((name, i) => expect(readFileSync(join(folder, name)).equals(before[i]!)).toBe(true));
  });
});
