/** A run that stores shards of a study in place of evaluating its chunks. */
import type { Marginal } from '../../engine/sink.js';
import type { Batch } from '../../space/columns.js';
import { takeBatchFile } from '../arrow/batch-files.js';
import type { ChunkLine } from '../database/chunk-table.js';
import { writeManifest, type Manifest } from '../folder/manifest.js';
import { storageError } from '../folder/storage-error.js';
import { studyFiles } from '../folder/study-files.js';
import { StudyRun } from '../run/study-run.js';

export class MergeRun extends StudyRun {
  /**
   * Stores chunks of a shard, with their record batches: all of them or, if anything fails or the signal comes first, none; false
   * if it came.
   */
  async appendChunks(
    shard: string,
    lines: readonly ChunkLine[],
    onChunk: () => void,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const [from, to] = [studyFiles(shard), studyFiles(this.folder)];
    this.guarded(() => {
      for (const { chunk, sha256 } of lines) if (sha256 !== null) takeBatchFile(from.chunks, to.chunks, chunk);
    });
    try {
      const isStored = await this.database!.appendChunks(from.database, lines, onChunk, signal);
      if (isStored) this.hasStoredShard(lines);
      return isStored;
    } catch (error) {
      throw storageError(this.folder, error);
    }
  }

  /** Stores a shard's front with the lines of its chunks: all of it or, if anything fails, nothing. */
  appendFront(front: Batch, marginals: readonly Marginal<bigint>[], lines: readonly ChunkLine[]): void {
    this.guarded(() => this.database!.appendFront(front, marginals, lines));
    this.hasStoredShard(lines);
  }

  /** Says in the study which of its shards it holds. */
  markMerged(merged: NonNullable<Manifest['merged']>): void {
    this.guarded(() => {
      this.manifest = { ...this.manifest, merged };
      writeManifest(this.folder, this.manifest);
      this.database!.settle();
      this.database!.markMerged(merged);
    });
  }

  /** Whether the mark of a partial merge in `study.json` has these numbers of shards. */
  isMarked({ shards, of }: NonNullable<Manifest['merged']>): boolean {
    const { merged } = this.manifest;
    return merged?.shards === shards && merged.of === of;
  }

  private hasStoredShard(lines: readonly ChunkLine[]): void {
    this.hasMerged = true;
    this.hasStoredPoints(lines.reduce((sum, { first_id, end_id }) => sum + end_id - first_id, 0));
  }
}
