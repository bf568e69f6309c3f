/** How far a study and its shards are, from small files alone: no database is opened, and no lock is touched. */
import { existsSync } from 'node:fs';
import { pointsOfChunks } from '../../engine/chunks.js';
import { totalStatus, type RunStatus, type ShardStatus, type StudyStatus } from '../../engine/study-status.js';
import { inputError } from '../../errors.js';
import { gridOf } from '../../space/study.js';
import { isAtWork } from './lock-owner.js';
import { chunksOf, readManifest, type Manifest } from './manifest.js';
import { readProgress } from './run-progress.js';
import { shardFolder, shardFolders } from '../shards/shard-folders.js';
import { studyFiles } from './study-files.js';

/**
 * @param folder the study's
 * @param count of shards; needed where none has begun
 */
export function readStatus(folder: string, count?: number): StudyStatus {
  const manifestIn = (at: string) => (existsSync(studyFiles(at).manifest) ? readManifest(at) : undefined);
  const own = manifestIn(folder);
  const [begun] = shardFolders(folder);
  const first = begun === undefined ? undefined : readManifest(begun);
  const known = own ?? first;
  if (!known) throw inputError({ what: 'holds no study and no shard of one that has begun', file: folder });
  const shards = count ?? first?.shard?.count ?? 0;
  if (first?.shard && first.shard.count !== shards)
    throw inputError({ what: '--shards', got: shards, expected: `${first.shard.count}, as ${folder} has` });
  const statuses = Array.from({ length: shards }, (_, i): ShardStatus => {
    const at = shardFolder(folder, { index: i + 1, count: shards });
    const manifest = manifestIn(at);
    const isForeign = manifest !== undefined && manifest.hash !== known.hash;
    return { shard: i + 1, ...(isForeign ? foreignStatus(at) : statusOf(at, manifest)) };
  });
  const whole = own && statusOf(folder, own);
  return totalStatus({ study: known.name, folder, points: gridOf(known.study).size }, whole, statuses);
}

const foreignStatus = (folder: string): RunStatus => ({
  ...{ folder, state: 'foreign', done: 0, points: undefined, rate: 0, failed_chunks: 0 },
});

function statusOf(folder: string, manifest: Manifest | undefined): RunStatus {
  const points = manifest && pointsOfChunks(chunksOf(manifest), gridOf(manifest.study).size, manifest.chunk_points);
  if (manifest && manifest.finished !== null)
    return { folder, state: 'done', done: points!, points, rate: 0, failed_chunks: 0, host: manifest.host };
  const progress = readProgress(folder);
  const runs = isAtWork(folder);
  const failed = progress?.failed_chunks ?? 0;
  const seconds = progress ? (progress.written - progress.since) / 1000 : 0;
  return {
    folder,
    state: runs ? 'running' : !manifest ? 'missing' : failed > 0 ? 'failed' : 'stopped',
    done: progress?.done ?? 0,
    points,
    rate: runs && progress && seconds > 0 ? (progress.done - progress.resumed_at) / seconds : 0,
    failed_chunks: failed,
    ...(progress ? { host: progress.host, pid: progress.pid } : {}),
  };
}
