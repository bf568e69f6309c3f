/** What the crash tests share: how many repetitions, a study that takes seconds, runs that are killed, what must hold afterwards. */
import { expect } from '@jest/globals';
import Database from 'better-sqlite3';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SweepSpec } from '../../src/space/study.js';
import { MAIN } from './command.js';
import { FULL } from './full.js';
import { randomOf, type Random } from './random.js';
import { writeSpec } from './specs.js';
import { sortedRows, tablesOf } from './tables.js';

/** How many repetitions a test makes: few by `npm test`, all by `npm run test:all`. */
export function times(few: number, full: number): number {
  return FULL ? full : few;
}

/** Time for a test that runs a study `runs` times, on a machine that is busy with others. */
export const patience = (runs: number): number => 60_000 + 30_000 * runs;

/** A test with random moments; a failure tells the seed, `DELTA_SWEEP_CRASH_SEED` repeats it. */
export function seeded(test: (random: Random) => Promise<void>): () => Promise<void> {
  return async () => {
    const seed = Number(process.env['DELTA_SWEEP_CRASH_SEED'] ?? Date.now() % 1_000_000);
    try {
      await test(randomOf(seed));
    } catch (error) {
      (error as Error).message += `\n\nDELTA_SWEEP_CRASH_SEED=${seed}`;
      throw error;
    }
  };
}

/** 48 chunks and 74,880 points: about two seconds. */
export const NIGHT: SweepSpec = {
  name: 'night',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 8 }],
  axes: {
    sm_count: { scale: [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16] },
    l2_mib: { values: [3, 6, 12, 24] },
    l2_gbps: { range: { from: 1000, to: 8000, steps: 91 } },
    dram_gbps: { range: { from: 400, to: 3200, steps: 91 } },
  },
  constraints: ['l2_gbps >= 5 * dram_gbps'],
  objectives: { minimize: ['time_ms', 'dram_gb'] }, // a small front
};

/** 8 of its chunks: about a second. */
export const NAP: SweepSpec = {
  ...NIGHT,
  name: 'nap',
  axes: { ...NIGHT.axes, sm_count: { scale: [1, 2] } },
};

/** The front alone of 8 chunks and 4,500,000 points, two workloads: about as long. */
export const VIGIL: SweepSpec = {
  name: 'vigil',
  baseline: 'titan-xp',
  workloads: [
    { network: 'alexnet', batch: 8 },
    { network: 'alexnet', batch: 32 },
  ],
  axes: {
    sm_count: { scale: [1, 2, 4, 8] },
    l2_ns: { range: { from: 100, to: 200, steps: 100 } }, // costs no area: the front stays small
    l2_gbps: { range: { from: 1000, to: 8000, steps: 75 } },
    dram_gbps: { range: { from: 400, to: 3200, steps: 75 } },
  },
  constraints: ['l2_gbps >= 5 * dram_gbps'],
  store: { points: 'front' },
};

/** How a process ended: by itself with a code, or by a signal. */
export interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  pid: number;
  end: Promise<End>;
  /** Sends a signal to the whole process group. */
  kill: (signal: NodeJS.Signals) => void;
  isOver: () => boolean;
}

/** Starts a run of `sweep.yaml` in a folder, with the study in `out`, as the head of its own process group. */
export function startRun(folder: string, ...options: string[]): Running {
  return startCommand(folder, ['run', 'sweep.yaml', '--out', 'out', '--workers', '2', ...options]);
}

function startCommand(folder: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (printed.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (printed.stderr += text.toString()));
  let isOver = false;
  const end = new Promise<End>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => (isOver = true));
    child.on('close', (code, signal) => resolve({ code, signal, ...printed }));
  });
  const kill = (signal: NodeJS.Signals) => {
    if (!isOver) process.kill(-child.pid!, signal);
  };
  return { pid: child.pid!, end, kill, isOver: () => isOver };
}

/** Starts a merge of what lies in `out`, as the head of its own process group. */
export function startMerge(folder: string): Running {
  return startCommand(folder, ['merge', 'out']);
}

/** Runs to the end; the exit code must be 0. */
export async function runToEnd(folder: string, ...options: string[]): Promise<End> {
  const end = await startRun(folder, ...options).end;
  expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
  return end;
}

/** Waits until something is so, or the run is over; whether it is so. */
export async function until(isSo: () => boolean, run: Running): Promise<boolean> {
  while (!isSo()) {
    if (run.isOver()) return isSo();
    await sleep(1);
  }
  return true;
}

const hasShell = spawnSync('sqlite3', ['-version']).status === 0;

/** Does something with a copy of a study's database: the next run is to find what the last one left, not what a reader made of it. */
function withCopy<T>(study: string, use: (file: string) => T): T {
  const copy = mkdtempSync(join(tmpdir(), 'delta-sweep-crash-'));
  try {
    for (const name of readdirSync(study).filter((name) => /^study\.db(-wal|-journal)?$/.test(name)))
      cpSync(join(study, name), join(copy, name));
    return use(join(copy, 'study.db'));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function withDatabase<T>(file: string, use: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** What the `sqlite3` shell, or better-sqlite3 where there is none, finds of a study's database. */
export function integrityOf(study: string): string {
  return withCopy(study, (file) => {
    if (!hasShell) return withDatabase(file, (db) => db.pragma('integrity_check', { simple: true }) as string);
    const { stdout, stderr } = spawnSync('sqlite3', [file, 'pragma integrity_check'], { encoding: 'utf8' });
    return (stdout + stderr).trim();
  });
}

const CHUNKS_WITHOUT_THEIR_ROWS = `SELECT chunk, points FROM chunks
  WHERE points <> (SELECT count(*) FROM evaluated WHERE id >= first_id AND id < end_id)`;
const ROWS_WITHOUT_A_CHUNK = 'SELECT (SELECT count(*) FROM evaluated) - (SELECT total(points) FROM chunks) AS rows';

/** Whatever has happened to a run: SQLite finds its database sound, and every line of chunks has its rows. */
export function expectSound(study: string): void {
  const file = join(study, 'study.db');
  if (!existsSync(file) || statSync(file).size === 0) return;
  expect(integrityOf(study)).toBe('ok');
  withCopy(study, (copy) =>
    withDatabase(copy, (db) => {
      if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'evaluated'").get() === undefined) return;
      expect(db.prepare(CHUNKS_WITHOUT_THEIR_ROWS).all()).toEqual([]);
      expect(db.prepare(ROWS_WITHOUT_A_CHUNK).all()).toEqual([{ rows: 0 }]);
    }),
  );
}

/** A study that ran undisturbed: what others are held against. */
export interface Undisturbed {
  study: string;
  seconds: number;
}

/** Runs a study undisturbed in an empty folder. */
export async function undisturbed(folder: string, spec: SweepSpec): Promise<Undisturbed> {
  writeSpec(folder, spec);
  const start = performance.now();
  await runToEnd(folder);
  return { study: join(folder, 'out'), seconds: (performance.now() - start) / 1000 };
}

/** A study in an empty folder that was killed when it had stored more than this many chunks; its folder. */
export async function halfDone(folder: string, spec: SweepSpec, chunks: number): Promise<string> {
  writeSpec(folder, spec);
  const study = join(folder, 'out');
  const run = startRun(folder);
  await until(() => storedChunks(study) > chunks, run);
  run.kill('SIGKILL');
  await run.end;
  return study;
}

/** The study is, row by row and byte by byte, what it is undisturbed; and nothing else is left in its folder. */
export function expectSame(study: string, whole: string): void {
  expect(
    readdirSync(study)
      .filter((name) => !['shards', 'logs'].includes(name))
      .sort(),
  ).toEqual(['points.arrow', 'study.db', 'study.json']);
  expect(integrityOf(study)).toBe('ok');
  const [a, b] = [study, whole].map((folder) => new Database(join(folder, 'study.db'), { readonly: true }));
  try {
    expect(tablesOf(a!)).toEqual(tablesOf(b!));
    for (const table of tablesOf(a!)) expectSameRows(a!, b!, table);
  } finally {
    a!.close();
    b!.close();
  }
  const arrow = readFileSync(join(study, 'points.arrow'));
  expect(arrow.equals(readFileSync(join(whole, 'points.arrow')))).toBe(true);
}

function expectSameRows(a: Database.Database, b: Database.Database, table: string): void {
  const rowsOf = (db: Database.Database) =>
    db.prepare(sortedRows(db, table)).raw().iterate() as IterableIterator<unknown[]>;
  const others = rowsOf(b);
  let row = 0;
  for (const cells of rowsOf(a)) {
    const other = others.next().value as unknown[] | undefined;
    if (!other || cells.some((cell, c) => cell !== other[c]))
      expect({ table, row, cells }).toEqual({ table, row, cells: other });
    row++;
  }
  expect({ table, isLonger: others.next().done !== true }).toEqual({ table, isLonger: false });
}

const countChunks = (db: Database.Database) => db.prepare('SELECT count(*) FROM chunks').pluck().get() as number;

/** Chunks that a run at work has stored; 0 where there is no database yet. */
export function storedChunks(study: string): number {
  try {
    const db = new Database(join(study, 'study.db'), { readonly: true, timeout: 1000 });
    try {
      return countChunks(db);
    } finally {
      db.close();
    }
  } catch {
    return 0;
  }
}

/** Chunks that a run has left, on a disk that may have no room for a reader's own file. */
export function keptChunks(study: string): number {
  return withCopy(study, (file) => {
    if (!existsSync(file)) return 0;
    return withDatabase(file, (db) => {
      const hasTable = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'chunks'").get() !== undefined;
      return hasTable ? countChunks(db) : 0;
    });
  });
}

/** The one line that a failed run prints, without the notes before it. */
export function lastLine({ stderr }: End): string {
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m); // no stack
  return stderr.trimEnd().split('\n').at(-1)!;
}
