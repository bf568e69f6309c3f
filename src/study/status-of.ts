import type { StudyStatus } from '../engine/study-status.js';
import { readStatus } from '../storage/folder/read-status.js';

/**
 * How far a study and its shards are; no run is disturbed.
 *
 * @param shards how many there are to be; needed where none has begun
 */
export function statusOf(folder: string, { shards }: { shards?: number | undefined } = {}): StudyStatus {
  return readStatus(folder, shards);
}
