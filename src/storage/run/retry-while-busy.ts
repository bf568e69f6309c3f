/** Writes that wait for another program's lock, so that it does not end a run of hours. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from '../database/sqlite-errors.js';

/** Milliseconds before the next try, at first and at most: they double. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

/**
 * Tries a write again for as long as another program holds a lock on the database; other events go on meanwhile. Throws the
 * error where the signal comes first.
 *
 * @param onWait called before each wait
 */
export async function retryWhileBusy(
  write: () => void,
  onWait: () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return write();
    } catch (error) {
      if (!isBusy(error) || signal?.aborted) throw error;
      onWait();
      await sleep(wait, undefined, signal ? { signal } : {}).catch(() => undefined);
      if (signal?.aborted) throw error;
    }
  }
}
