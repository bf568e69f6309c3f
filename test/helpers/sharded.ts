/** Studies stored and merged without threads: many small ones in little time. */
import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunkRange } from '../../src/engine/chunks.js';
import { ChunkEvaluator } from '../../src/engine/evaluate-chunk.js';
import { factsOf } from '../../src/engine/facts.js';
import { gridOf, type Study } from '../../src/space/study.js';
import { mergeShards } from '../../src/storage/shards/merge-shards.js';
import { shardFolder, shardFolders } from '../../src/storage/shards/shard-folders.js';
import { chunkWriter } from '../../src/storage/run/chunk-writer.js';
import { StudyRun, type StudyRunOptions } from '../../src/storage/run/study-run.js';
import { sortedRows, tablesOf } from './tables.js';

/** Stores a study, or a shard of it, or a number of chunks of what is left; whether that is all. */
export async function storeInline(
  folder: string,
  study: Study,
  { most = Number.POSITIVE_INFINITY, ...options }: Partial<StudyRunOptions> & { most?: number } = {},
): Promise<boolean> {
  const run = new StudyRun(folder, study, { toolVersion: 'test', ...options });
  try {
    await run.resume();
    if (run.isFinished) return (await run.finish()) !== undefined;
    const facts = factsOf(study);
    const evaluator = new ChunkEvaluator(study, facts);
    run.begin(facts);
    const { chunksFolder } = run;
    const write = chunksFolder === undefined ? undefined : chunkWriter(chunksFolder, study);
    let stored = 0;
    for (const number of run.pending()) {
      if (stored++ >= most) return false;
      const chunk = evaluator.evaluate(number, chunkRange(number, gridOf(study).size, run.chunkPoints));
      const { batch } = chunk;
      const isWritten = write !== undefined && batch.rows > 0;
      await run.append({ ...chunk, ...(isWritten ? { sha256: write(number, batch, evaluator.complete(batch)) } : {}) });
    }
    return (await run.finish()) !== undefined;
  } finally {
    run.stop();
  }
}

/** Stores shards of a study, all or those asked for, each as a run of its own; their folders. */
export async function storeShards(
  folder: string,
  study: Study,
  count: number,
  chunkPoints: number,
  indices = Array.from({ length: count }, (_, i) => i + 1),
): Promise<string[]> {
  for (const index of indices) {
    const shard = { index, count };
    await storeInline(shardFolder(folder, shard), study, { shard, chunkPoints });
  }
  return indices.map((index) => shardFolder(folder, { index, count }));
}

interface MergeOptions {
  folders?: readonly string[];
  partial?: boolean;
  /** Chunks after which the merge is stopped. */
  most?: number;
  /** Chunks after which it fails. */
  failsAfter?: number;
  toolVersion?: string;
}

/** Merges shards as the command does, without its front; whether the study is whole. */
export async function mergeInline(
  folder: string,
  {
    folders = shardFolders(folder),
    partial = false,
    most = Number.POSITIVE_INFINITY,
    failsAfter = Number.POSITIVE_INFINITY,
    toolVersion = 'test',
  }: MergeOptions = {},
): Promise<boolean> {
  const controller = new AbortController();
  const stopping = (taken: number) => {
    if (taken >= most) controller.abort();
    if (taken >= failsAfter) throw new Error('killed');
  };
  const merged = await mergeShards(folder, folders, {
    toolVersion,
    partial,
    signal: controller.signal,
    showing: (unit, step) => step(unit === 'chunks merged' ? stopping : () => undefined),
  });
  return merged?.missing.length === 0;
}

/** Every row of every table, in order, but for when the study was begun; and the bytes of `points.arrow`. */
export function contentsOf(folder: string): { tables: Record<string, unknown[]>; arrow: Buffer } {
  const db = new Database(join(folder, 'study.db'), { readonly: true });
  try {
    const tables = Object.fromEntries(tablesOf(db).map((name) => [name, db.prepare(sortedRows(db, name)).all()]));
    return { tables, arrow: readFileSync(join(folder, 'points.arrow')) };
  } finally {
    db.close();
  }
}
