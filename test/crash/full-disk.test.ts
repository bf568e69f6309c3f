/** A run whose disk fills up, wherever it was: it says so, keeps what is stored, and is resumed when there is space. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  expectSame,
  expectSound,
  keptChunks,
  lastLine,
  NAP,
  patience,
  runToEnd,
  seeded,
  startRun,
  storedChunks,
  times,
  undisturbed,
  until,
  type End,
  type Undisturbed,
} from '../helpers/crash.js';
import { whyNoSmallDisk, withSmallDisk, type SmallDisk } from '../helpers/small-disk.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const whyNot = whyNoSmallDisk();
if (whyNot !== undefined) process.stderr.write(`full-disk.test: skipped, ${whyNot}\n`);

let whole: Undisturbed;
beforeAll(async () => {
  whole = await undisturbed(makeFolder(), NAP);
}, patience(1));

const FULL =
  /^delta-sweep: out: the disk is full: what is stored stays; the same command resumes it when there is space \(\w+\)$/;

/** What is left is known not to fit before anything is evaluated. */
function expectRefused(end: End): void {
  expect(end).toMatchObject({ code: 1, stdout: '' });
  expect(lastLine(end)).toMatch(/ of disk, of which .* are free, expected fewer values/);
}

function expectFull(end: End): void {
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(lastLine(end)).toMatch(FULL);
  expect(end.stderr.match(/delta-sweep: /g)).toHaveLength(1);
}

/** Fills the disk once something is so, then makes space again; whether the run met the full disk. */
async function runIntoFullDisk(isSo: (study: string) => boolean, fill: (disk: SmallDisk) => void): Promise<boolean> {
  const folder = makeFolder();
  writeSpec(folder, NAP);
  const study = join(folder, 'out');
  return withSmallDisk(study, async (disk) => {
    const run = startRun(folder);
    await until(() => isSo(study), run);
    fill(disk);
    const end = await run.end;
    if (end.code === 1) expectRefused(end);
    else if (end.code !== 0) expectFull(end);
    expectSound(study);
    const stored = keptChunks(study);

    const again = await startRun(folder).end;
    if (again.code === 1) expectRefused(again);
    else if (again.code !== 0) expectFull(again);
    expectSound(study);
    expect(keptChunks(study)).toBeGreaterThanOrEqual(stored);

    disk.enlarge();
    await runToEnd(folder);
    expectSame(study, whole.study);
    return end.code === 2;
  });
}

const has = (file: string) => (study: string) => existsSync(join(study, file));

/** What has just come about when the disk fills up. */
const MOMENTS: [string, (study: string) => boolean][] = [
  ['nothing', () => true],
  ['study.owner', has('study.owner')],
  ['study.json', has('study.json')],
  ['study.db', has('study.db')],
  ['study.db-wal', has('study.db-wal')],
  ['rows of a chunk', has('chunks/0.db')],
  ['a record batch', has('chunks/0.batch')],
  ['a stored chunk', (study) => storedChunks(study) > 0],
  ['points.arrow.partial', has('points.arrow.partial')],
  ['points.arrow', has('points.arrow')],
  ['the end in study.json', (study) => has('points.arrow')(study) && !has('chunks')(study)],
];

(whyNot === undefined ? describe : describe.skip)('a disk that fills up', () => {
  const moments = times(2, MOMENTS.length);
  it(
    `as one of the files appears (${moments} of ${MOMENTS.length}) ends the run in one line, and the next one resumes it`,
    seeded(async (random) => {
      const first = random.below(MOMENTS.length);
      for (let i = 0; i < moments; i++) {
        const [, isSo] = MOMENTS[(first + i * 3) % MOMENTS.length]!;
        await runIntoFullDisk(isSo, (disk) => disk.fill());
      }
    }),
    patience(3 * moments),
  );

  const fills = times(1, 20);
  it(
    `at ${fills} random moments, with a little left, ends the run in one line, and the next one resumes it`,
    seeded(async (random) => {
      let met = 0;
      while (met < fills) {
        const start = performance.now();
        const moment = random.between(0, 1000 * whole.seconds);
        const isSo = () => performance.now() - start >= moment;
        const free = Math.floor(2 ** random.between(12, 22));
        if (await runIntoFullDisk(isSo, (disk) => disk.fill(free))) met++;
      }
    }),
    patience(6 * fills),
  );

  const names = times(1, 6);
  it(
    `in which no more files can be made ends the run in one line, and the next one resumes it (${names} moments)`,
    seeded(async (random) => {
      for (let i = 0; i < names; i++) {
        const [, isSo] = MOMENTS[random.below(MOMENTS.length)]!;
        const free = random.below(4);
        await runIntoFullDisk(isSo, (disk) => disk.fillNames(free));
      }
    }),
    patience(3 * names),
  );

  it(
    'before a finished study is replaced leaves that as it was',
    async () => {
      const folder = makeFolder();
      writeSpec(folder, NAP);
      const study = join(folder, 'out');
      await withSmallDisk(study, async (disk) => {
        await runToEnd(folder);
        const before = readFileSync(join(study, 'study.json'), 'utf8');
        disk.fill();
        const end = await startRun(folder, '--fresh').end;
        expectFull(end);
        disk.enlarge();
        await runToEnd(folder);
        expect(readFileSync(join(study, 'study.json'), 'utf8')).toBe(before);
        expectSame(study, whole.study);
      });
    },
    patience(3),
  );
});
