/** What a half-done study has lost, or holds wrong, is found by the next run and done again. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import {
  expectSame,
  expectSound,
  halfDone,
  NAP,
  patience,
  runToEnd,
  seeded,
  startRun,
  storedChunks,
  times,
  undisturbed,
  until,
  type Undisturbed,
} from '../helpers/crash.js';
import type { Random } from '../helpers/random.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let whole: Undisturbed;
/** A study killed on its way, with everything but the front of it stored. */
let killed: string;
beforeAll(async () => {
  whole = await undisturbed(makeFolder(), NAP);
  killed = await halfDone(makeFolder(), NAP, 4);
}, patience(2));

const bytesOf = (file: string) => readFileSync(file);

function flipBit(file: string, random: Random): void {
  const bytes = bytesOf(file);
  const at = random.below(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << random.below(8));
  writeFileSync(file, bytes);
}

function truncate(file: string, random: Random): void {
  truncateSync(file, random.below(bytesOf(file).length));
}

function change(study: string, sql: string): void {
  const db = new Database(join(study, 'study.db'));
  db.exec(sql);
  db.close();
}

const batchOf = (study: string, random: Random) => {
  const batches = readdirSync(join(study, 'chunks')).filter((name) => name.endsWith('.batch'));
  return join(study, 'chunks', batches[random.below(batches.length)]!);
};

const DAMAGES: [string, () => string, (study: string, random: Random) => void][] = [
  ['a record batch with a flipped bit', () => killed, (study, random) => flipBit(batchOf(study, random), random)],
  ['a truncated record batch', () => killed, (study, random) => truncate(batchOf(study, random), random)],
  ['no record batches', () => killed, (study) => rmSync(join(study, 'chunks'), { recursive: true })],
  [
    'a truncated database',
    () => killed,
    (study, random) => {
      change(study, 'PRAGMA wal_checkpoint(TRUNCATE)');
      truncate(join(study, 'study.db'), random);
    },
  ],
  ['a database of garbage', () => killed, (study) => writeFileSync(join(study, 'study.db'), 'garbage'.repeat(1000))],
  ['a database of nothing', () => killed, (study) => truncateSync(join(study, 'study.db'))],
  ['a truncated write-ahead log', () => killed, (study, random) => truncate(join(study, 'study.db-wal'), random)],
  [
    'a write-ahead log with a flipped bit',
    () => killed,
    (study, random) => flipBit(join(study, 'study.db-wal'), random),
  ],
  ['a wrong line of chunks', () => killed, (study) => change(study, 'UPDATE chunks SET points = 1 WHERE chunk = 2')],
  [
    'a line of chunks with wrong ids',
    () => killed,
    (study) => change(study, 'UPDATE chunks SET first_id = 7 WHERE chunk = 1'),
  ],
  ['chunks without a line', () => killed, (study) => change(study, 'DELETE FROM chunks WHERE chunk = 3')],
  ['a chunk without its rows', () => killed, (study) => change(study, 'DELETE FROM evaluated WHERE id < 8281')],
  [
    'a chunk without one of its rows',
    () => killed,
    (study) => change(study, 'DELETE FROM evaluated WHERE id = (SELECT max(id) FROM evaluated)'),
  ],
  ['a row that no chunk has', () => killed, (study) => change(study, 'INSERT INTO evaluated (id) VALUES (1000000000)')],
  [
    'a missing row though it is done',
    () => whole.study,
    (study) => change(study, 'DELETE FROM evaluated WHERE id = (SELECT min(id) FROM evaluated)'),
  ],
  ['no points.arrow though it is done', () => whole.study, (study) => rmSync(join(study, 'points.arrow'))],
  [
    'a truncated database though it is done',
    () => whole.study,
    (study, random) => truncate(join(study, 'study.db'), random),
  ],
  [
    'a manifest of tomorrow',
    () => killed,
    (study) => {
      const file = join(study, 'study.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...manifest, started: '2999-01-01T00:00:00.000Z' }));
    },
  ],
];

describe('the next run', () => {
  const few = times(4, DAMAGES.length);
  it(
    `makes a study whole that has ${few === DAMAGES.length ? 'any' : `${few}`} of ${DAMAGES.length} kinds of damage`,
    seeded(async (random) => {
      const first = random.below(DAMAGES.length);
      for (let i = 0; i < few; i++) {
        const [name, from, damage] = DAMAGES[(first + 5 * i) % DAMAGES.length]!;
        const folder = makeFolder();
        writeSpec(folder, NAP);
        const study = join(folder, 'out');
        cpSync(from(), study, { recursive: true });
        damage(study, random);
        try {
          await runToEnd(folder);
          // A damaged database is kept for whoever wants to look.
          for (const file of readdirSync(study)) if (file.startsWith('study.db.damaged')) rmSync(join(study, file));
          expectSame(study, whole.study);
        } catch (error) {
          (error as Error).message = `${name}: ${(error as Error).message}`;
          throw error;
        }
        rmSync(folder, { recursive: true });
      }
    }),
    patience(few),
  );
});

describe('a run that starts anew', () => {
  /** The same sweep with another constraint: another study. */
  const OTHER: SweepSpec = { ...NAP, constraints: ['l2_gbps >= 6 * dram_gbps'] };
  const kills = times(3, 25);
  it(
    `killed at ${kills} moments has the old study until the new one has begun`,
    seeded(async (random) => {
      const reference = makeFolder();
      const { study: other, seconds } = await undisturbed(reference, OTHER);
      const folder = makeFolder();
      const study = join(folder, 'out');
      cpSync(whole.study, study, { recursive: true });
      for (let done = 0; done < kills;) {
        writeSpec(folder, OTHER);
        const run = startRun(folder, '--fresh');
        const end = performance.now() + 1000 * random.between(0.2, 0.8) * seconds;
        await until(() => performance.now() >= end, run);
        if (!run.isOver()) done++;
        run.kill('SIGKILL');
        await run.end;
        const previous = join(study, 'previous');
        // The whole old study is where it was, or set aside, until a chunk of the new one is stored.
        const isThere = existsSync(join(previous, 'study.json')) || !isOf(study, OTHER);
        if (!isThere) expect(storedChunks(study)).toBeGreaterThan(0);
        expectSound(study);
        if (existsSync(join(previous, 'study.db'))) expectSound(previous);
        if (!isOf(study, OTHER)) {
          writeSpec(folder, NAP);
          const { stderr } = await runToEnd(folder);
          expect(stderr).toContain('nothing to do');
          expectSame(study, whole.study);
          continue;
        }
        await runToEnd(folder);
        expectSame(study, other);
        rmSync(study, { recursive: true });
        cpSync(whole.study, study, { recursive: true });
      }
    }),
    patience(3 * kills),
  );

  function isOf(study: string, { constraints }: SweepSpec): boolean {
    const file = join(study, 'study.json');
    return existsSync(file) && readFileSync(file, 'utf8').includes(JSON.stringify(constraints![0]).slice(1, -1));
  }
});
