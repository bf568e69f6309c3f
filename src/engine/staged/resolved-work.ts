/** A context with one algorithm chosen for each layer: a list of GPU kernels, as the loops of the staged evaluator take them. */
import { addWork, noWork, type ContextLayer } from '../../model/kernel/context.js';
import type { Kernel, KernelWork } from '../../model/kernel/kernel.js';
import { eighth } from '../../model/kernel/powers.js';
import type { RunWork } from '../../model/time-bounds.js';
import { dramBytes, drifts, l1Bytes, l2BytesBothWays } from '../../model/traffic/traffic.js';

/** Bandwidth streams: smem, l1, l2, dram. */
export const STREAMS = 4;

/** A GPU kernel, run `count` times, with powers and products that no rate changes. */
export interface StagedKernel {
  kernel: Kernel;
  /** CTAs of a full wave, to the power of -8; of the last wave likewise, 0 where it is full too. */
  size8: number;
  rest8: number;
  /** Seconds of all its runs are these times the eighth roots of the two waves' powers. */
  full: number;
  rest: number;
  /** CTAs an SM, and call overheads, of all runs. */
  ctasPerSm: number;
  overheads: number;
  /** A full wave whose power is above this takes longer than the call overhead. */
  launch8: number;
  /** Bytes of DRAM of all runs, where they depend on the time; 0 where they do not. */
  driftingBytes: number;
}

export interface ResolvedWork {
  kernels: readonly StagedKernel[];
  /** Bytes of a CTA to the eighth power: `STREAMS` numbers a kernel. */
  coefficients: Float64Array;
  /** One run of the workload, without the bytes of DRAM that depend on the time. */
  run: RunWork;
  /** Bytes that keep a level busy: of one SM on average for smem and l1, of the whole GPU for l2 and dram. */
  busySmemBytes: number;
  busyL1Bytes: number;
  busyL2Bytes: number;
  busyDramBytes: number;
}

/** Bytes of DRAM of one run of a kernel, where they depend on the time: a kernel that DRAM binds moves fewer. */
const driftingBytes = ({ traffic }: KernelWork): number => (drifts(traffic) ? dramBytes(traffic) : 0);

function stagedKernel(work: KernelWork, count: number): StagedKernel {
  const { kernel } = work;
  const { waves, ctas, smCount, overheadS } = kernel;
  return {
    kernel,
    size8: 1 / eighth(waves.size),
    rest8: waves.rest > 0 ? 1 / eighth(waves.rest) : 0,
    full: count * waves.full * waves.size,
    rest: count * waves.rest,
    ctasPerSm: (count * ctas) / smCount,
    overheads: count * overheadS,
    launch8: eighth(overheadS / (waves.full * waves.size)),
    driftingBytes: count * driftingBytes(work),
  };
}

/** @param kernels those of each layer, in its order */
function workOf(layers: readonly ContextLayer[], kernels: readonly (readonly KernelWork[])[]): ResolvedWork {
  const staged = layers.flatMap(({ count }, p) => kernels[p]!.map((work) => stagedKernel(work, count)));
  const result: ResolvedWork = {
    kernels: staged,
    coefficients: Float64Array.from(
      staged.flatMap(({ kernel }) =>
        [kernel.loops * kernel.smemBytes, kernel.l1Bytes, kernel.l2Bytes, kernel.dramBytes].map(eighth),
      ),
    ),
    run: noWork(),
    ...{ busySmemBytes: 0, busyL1Bytes: 0, busyL2Bytes: 0, busyDramBytes: 0 },
  };
  layers.forEach(({ count }, p) => {
    for (const work of kernels[p]!) {
      const { kernel, traffic } = work;
      addWork(result.run, work, count, driftingBytes(work) > 0 ? 0 : dramBytes(traffic));
      const ctasPerSm = (count * kernel.ctas) / kernel.smCount;
      result.busySmemBytes += ctasPerSm * kernel.loops * kernel.smemBytes;
      result.busyL1Bytes += (count * l1Bytes(traffic)) / kernel.smCount;
      result.busyL2Bytes += count * l2BytesBothWays(traffic);
    }
  });
  result.busyDramBytes = result.run.dramBytes;
  return result;
}

/** Choices of algorithms that a context keeps resolved. */
const MOST_RESOLVED = 64;

/** The layers of a context, and the works that come of choosing an algorithm for each. */
export class StagedContext {
  /** The work, where there is nothing to choose. */
  readonly only: ResolvedWork | undefined;
  private readonly resolved = new Map<string, ResolvedWork>();
  private every: ResolvedWork | undefined;

  constructor(readonly layers: readonly ContextLayer[]) {
    if (layers.every(({ alternatives }) => alternatives.length === 1)) this.only = this.resolve(layers.map(() => 0));
  }

  /** The work of an algorithm a layer, by position. */
  resolve(choice: readonly number[]): ResolvedWork {
    const key = choice.join();
    const known = this.resolved.get(key);
    if (known) return known;
    if (this.resolved.size === MOST_RESOLVED) this.resolved.clear();
    const work = workOf(
      this.layers,
      this.layers.map(({ alternatives }, p) => alternatives[choice[p]!]!),
    );
    this.resolved.set(key, work);
    return work;
  }

  /** The kernels of all algorithms of all layers, one after the other. */
  get all(): ResolvedWork {
    return (this.every ??= workOf(
      this.layers,
      this.layers.map(({ alternatives }) => alternatives.flat()),
    ));
  }

  /** Bytes of memory, roughly. */
  get bytes(): number {
    return 256 + this.layers.reduce((sum, { alternatives }) => sum + 1024 * alternatives.flat().length, 0);
  }
}
