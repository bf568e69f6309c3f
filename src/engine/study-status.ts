/** How far a study is, over its shards: what `status` tells. */

/**
 * `failed` has chunks that could not be evaluated; `stopped` was killed or interrupted; `missing` has not begun; `foreign` is of
 * another study.
 */
export const RUN_STATES = ['done', 'running', 'failed', 'stopped', 'missing', 'foreign'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Those that go on, or begin, when their run is submitted again. */
const TO_SUBMIT: readonly RunState[] = ['failed', 'stopped', 'missing'];

/** A run of a study, or of a shard of it, as its folder tells. */
export interface RunStatus {
  folder: string;
  state: RunState;
  /** Points of the grid that are done, and that the run is for; undefined where it has not begun. */
  done: number;
  points: number | undefined;
  /** Points a second, while it runs. */
  rate: number;
  /** Chunks that could not be evaluated. */
  failed_chunks: number;
  /** Where it runs, or ran last. */
  host?: string;
  pid?: number;
}

export interface ShardStatus extends RunStatus {
  /** From 1. */
  shard: number;
}

export interface StudyStatus {
  study: string;
  folder: string;
  /** The study itself: one run of it, or what its shards were merged into; absent where neither is there. */
  whole?: RunStatus;
  /** One a shard, by index; none where the study has none. */
  shards: ShardStatus[];
  /** Points of the grid that are done, of how many. */
  done: number;
  points: number;
  /** Points a second of all that runs, and what that takes for the rest; null where nothing runs. */
  rate: number;
  seconds_left: number | null;
  /** Indices of the shards that a job may still have queued, or that have to be submitted again: no file tells which. */
  resubmit: number[];
}

/** Adds up what the runs of a study tell. */
export function totalStatus(
  study: Pick<StudyStatus, 'study' | 'folder' | 'points'>,
  whole: RunStatus | undefined,
  shards: ShardStatus[],
): StudyStatus {
  const isWhole = whole?.state === 'done';
  const runs = shards.length > 0 && !isWhole ? shards : whole ? [whole] : [];
  const sum = (of: (run: RunStatus) => number) => runs.reduce((total, run) => total + of(run), 0);
  const [done, rate] = [sum((run) => run.done), sum((run) => run.rate)];
  return {
    ...study,
    ...(whole ? { whole } : {}),
    shards,
    done,
    rate,
    seconds_left: rate > 0 ? (study.points - done) / rate : null,
    resubmit: isWhole ? [] : shards.filter(({ state }) => TO_SUBMIT.includes(state)).map(({ shard }) => shard),
  };
}
