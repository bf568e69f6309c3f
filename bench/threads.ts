/** Points a second through the engine, stored nowhere, by one thread and by two. */
import { availableParallelism } from 'node:os';
import { Engine } from '../src/engine/run.js';
import type { Sink } from '../src/engine/sink.js';
import { gridOf, type Study } from '../src/space/study.js';
import { medianOf, timingOf, type Outcome } from './measure.js';
import { referenceSpec, studyOf } from './reference.js';

/** Seconds' work: each thread compiles its code anew, at the cost of the others, over its first few million points. */
const MILLIONS = 60;
const ROUNDS = 3;
const TWO_THREADS_BAR = 1.85;

/** Chunks a thread that are evaluated before the clock starts. */
const WARM_CHUNKS = 40;

/** Forgets what it gets. */
const NOWHERE: Sink = { append: () => undefined, fail: () => undefined };

async function secondsBy(workers: number, study: Study): Promise<number> {
  const engine = await Engine.open(study, { workers });
  try {
    await engine.run(NOWHERE, { pending: Array(workers * WARM_CHUNKS).keys() });
    const start = performance.now();
    await engine.run(NOWHERE);
    return (performance.now() - start) / 1000;
  } finally {
    await engine.close();
  }
}

export async function threadsBench(): Promise<Outcome> {
  const study = studyOf(referenceSpec(MILLIONS));
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await secondsBy(1, study));
    two.push(await secondsBy(2, study));
  }
  const timing = (name: string, seconds: number[]) =>
    timingOf(`evaluation alone: ${name}`, 'points', gridOf(study).size, seconds);
  return {
    timings: [timing('1 thread', one), timing('2 threads', two)],
    checks: [
      {
        ...{ name: 'evaluation alone, 2 threads / 1', value: medianOf(one) / medianOf(two), bar: TWO_THREADS_BAR },
        ...{ passes: 'at least', unit: 'x' },
      },
    ],
    notes: availableParallelism() < 2 ? ['threads: there is one core alone'] : [],
  };
}
