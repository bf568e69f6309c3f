/** `merge`: shards into their study, then the front as after a run. */
import { existsSync } from 'node:fs';
import { showIndices } from '../engine/shards.js';
import { DeltaSweepError, inputError } from '../errors.js';
import { describeInterrupted, describeRun } from '../report/run.js';
import type { Study } from '../space/study.js';
import { fullDiskError } from '../storage/folder/storage-error.js';
import { readManifest } from '../storage/folder/manifest.js';
import { mergeShards, type Merged } from '../storage/shards/merge-shards.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { computeFront, knownFront, queryOf, type StudyFront } from './fronts.js';
import { note } from './output.js';
import { showingChunks } from './progress.js';
import { stopOnSignals } from './signals.js';
import { toolVersion } from './version.js';

/** Merges shards into a study's folder, all of them or, with `partial`, those that are finished; the study's front. */
export async function mergeStudy(folder: string, shards: readonly string[], partial: boolean): Promise<StudyFront> {
  const start = performance.now();
  if (shards.length === 0) return alreadyMerged(folder, wholeStudy(folder));
  const { study, counts, missing, of, isNew } = await mergeWhatIsLeft(folder, shards, partial);
  if (isNew) {
    const seconds = (performance.now() - start) / 1000;
    const front = computeFront(folder, study, queryOf(study));
    note(describeRun(folder, study, counts, front.front.length, seconds));
    notePartial(missing, of);
    return front;
  }
  const front = alreadyMerged(folder, study);
  notePartial(missing, of);
  return front;
}

/** Tells what a partial study lacks. */
function notePartial(missing: readonly number[], of: number): void {
  if (missing.length === 0) return;
  const are = missing.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
  note(`partial: ${are[0]} ${showIndices(missing)} of ${of} ${are[1]} missing; merge or run completes the study`);
}

/** The study in a folder without shards: they may go once it is whole. */
function wholeStudy(folder: string): Study {
  const manifest = existsSync(studyFiles(folder).manifest) ? readManifest(folder) : undefined;
  if (!manifest?.finished || manifest.shard)
    throw inputError({
      what: 'no shards to merge',
      file: studyFiles(folder).shards,
      expected: 'folders of run --shard',
    });
  return manifest.study;
}

function alreadyMerged(folder: string, study: Study): StudyFront {
  note(`${folder} is already merged; nothing to do`);
  return knownFront(folder, study);
}

/** Merges until it is done or a signal comes. */
async function mergeWhatIsLeft(folder: string, shards: readonly string[], partial: boolean): Promise<Merged> {
  const signals = stopOnSignals();
  try {
    const merged = await mergeShards(folder, shards, {
      ...{ toolVersion: toolVersion(), partial, signal: signals.signal, showing: showingChunks, onNote: note },
    });
    if (!merged) throw new DeltaSweepError('interrupted', [{ what: describeInterrupted(false) }]);
    return merged;
  } catch (error) {
    throw fullDiskError(folder, error) ?? error;
  } finally {
    signals.dispose();
  }
}
