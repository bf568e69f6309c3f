/** Layer-designs a second of the staged evaluator on one core, beside the same equations over the grid in numpy and C. */
import { chunkPointsOf } from '../src/engine/chunks.js';
import { RangeEvaluator } from '../src/engine/evaluate-range.js';
import { factsOf } from '../src/engine/facts.js';
import { mergedPasses } from '../src/model/passes.js';
import { SharedTraffic } from '../src/engine/staged/shared-traffic.js';
import { StagedEvaluator } from '../src/engine/staged/staged-evaluator.js';
import { columnsOf, makeBatch, storedColumns, type Batch, type Column } from '../src/space/columns.js';
import { completeBatch } from '../src/space/derive.js';
import { gridOf, type Study } from '../src/space/study.js';
import { medianOf, secondsOf, takeTurns, timingOf, type Check, type Outcome } from './measure.js';
import { peerStudy } from './peer/export.js';
import { mustAgree, openPeers, type Peer } from './peers.js';
import { referenceSpec, studyOf } from './reference.js';

const MILLIONS = 2;
const ROUNDS = 5;

/** What the kernel has to reach, as a multiple of each peer's rate, and of its own with the time alone. */
const barOf = (peer: string) => (peer === 'numpy' ? 2.5 : peer === 'C, no vectors' ? 1.5 : 0.7);
const EVERY_METRIC_BAR = 0.5;

/**
 * The kernel on a whole study, chunk by chunk as an engine's thread does it. Traffic has been computed before, and arrays
 * are used again, as the peers have it.
 */
export class KernelSweep {
  /** Milliseconds of every design. */
  readonly timesMs: Float64Array;
  private readonly columns: readonly Column[];
  private readonly evaluator: StagedEvaluator;
  private readonly rowOf: Int32Array;
  private readonly batch: Batch;

  constructor(study: Study, traffic: SharedTraffic, timeOnly: boolean) {
    this.columns = storedColumns(columnsOf(study));
    this.timesMs = new Float64Array(gridOf(study).size);
    this.evaluator = new StagedEvaluator(study, this.columns, { traffic: traffic.source, timeOnly });
    this.rowOf = Int32Array.from({ length: chunkPointsOf(study) }, (_, offset) => offset);
    this.batch = makeBatch(this.columns, this.rowOf.length);
  }

  /** Evaluates every design. */
  run(): void {
    const { timesMs, rowOf, batch } = this;
    const times = batch.columns[this.columns.findIndex(({ name }) => name === 'time_ms')]!;
    for (let from = 0; from < timesMs.length; from += rowOf.length) {
      const to = Math.min(from + rowOf.length, timesMs.length);
      this.evaluator.evaluate({ from, to }, rowOf, batch);
      timesMs.set(times.subarray(0, to - from), from);
    }
  }
}

export function trafficOf(study: Study): SharedTraffic {
  const traffic = new SharedTraffic(study);
  traffic.all.forEach((index) => traffic.fill(index));
  return traffic;
}

/** All columns of a study by the kernel. */
export function kernelResults(study: Study): Batch {
  const { batch } = new RangeEvaluator(study).evaluate(0, gridOf(study).size);
  return completeBatch(columnsOf(study), batch, gridOf(study), factsOf(study));
}

/** The times of every design by the kernel. */
export function kernelTimes(study: Study): Float64Array {
  const sweep = new KernelSweep(study, trafficOf(study), true);
  sweep.run();
  return sweep.timesMs;
}

export function kernelBench(): Outcome {
  const study = studyOf(referenceSpec(MILLIONS));
  const layers = mergedPasses(study.workloads[0]!).length;
  const { peers, missing, close } = openPeers(peerStudy(study));
  try {
    const times = kernelTimes(study);
    for (const { name, run } of peers) mustAgree(name, run(1).timesMs, times);
    const traffic = trafficOf(study);
    const kernel = (timeOnly: boolean) => {
      const sweep = new KernelSweep(study, traffic, timeOnly);
      sweep.run(); // compiled by now
      return () => secondsOf(() => sweep.run());
    };
    const ofPeer =
      ({ run }: Peer) =>
      () =>
        run(1).seconds[0]!;
    const [time, every, ...others] = takeTurns(ROUNDS, [kernel(true), kernel(false), ...peers.map(ofPeer)]);
    const timing = (name: string, seconds: readonly number[]) =>
      timingOf(`kernel: ${name}`, 'layer-designs', gridOf(study).size * layers, seconds);
    const check = (name: string, value: number, bar: number): Check => ({
      ...{ name, value, bar, passes: 'at least', unit: 'x' },
    });
    return {
      timings: [
        timing('time alone', time!),
        timing('every stored metric', every!),
        ...peers.map(({ name }, p) => timing(name, others[p]!)),
      ],
      checks: [
        ...peers.map(({ name }, p) =>
          check(`kernel, time alone / ${name}`, medianOf(others[p]!) / medianOf(time!), barOf(name)),
        ),
        check('kernel, every metric / time alone', medianOf(time!) / medianOf(every!), EVERY_METRIC_BAR),
      ],
      notes: missing.map((line) => `kernel: ${line}`),
    };
  } finally {
    close();
  }
}
