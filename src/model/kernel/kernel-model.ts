/** A model made of algorithms: times, bounds and derivatives follow from the GPU kernels that these plan. */
import { addPerBottleneck, addPerStream, largestOf, zeroPerBottleneck, zeroPerStream } from '../bottleneck.js';
import type { Bottleneck, PerBottleneck } from '../bottleneck.js';
import { addActivity, noActivity, type Activity } from '../energy.js';
import type { Gpu } from '../gpu.js';
import type { Infeasible } from '../infeasible.js';
import type { LayerModel, LayerResult, LayerTime, Prepared } from '../layer-model.js';
import { gemmOf, macsOf, type Layer, type LayerPass, type Workload } from '../layer.js';
import { mergedPasses } from '../passes.js';
import { sumTraffic, withDramBytes } from '../traffic/traffic.js';
import { alternativesOf, type Algorithm } from './algorithm.js';
import { contextOf } from './context.js';
import { CtaStreams, issueOf } from './cta-streams.js';
import { KernelBounds } from './kernel-bounds.js';
import { dualIssueLimit, slopesOfKernels } from './kernel-slopes.js';
import { addBound, kernelSeconds, kernelTime, secondsOfBound, type KernelTime } from './kernel-time.js';
import type { KernelWork } from './kernel.js';

/** A layer as a design can compute it: with the kernels of one of the algorithms. */
interface KernelLayer {
  layer: Layer;
  pass: LayerPass;
  /** Those of the convolution, whichever algorithm computes it. */
  flops: number;
  alternatives: readonly (readonly KernelWork[])[];
}

/** Seconds of kernels that run one after the other. */
function secondsOf(kernels: readonly KernelWork[], gpu: Gpu, cta: CtaStreams): number {
  const issue = issueOf(gpu);
  let seconds = 0;
  for (const { kernel } of kernels) seconds += kernelSeconds(kernel, cta.set(kernel, gpu, issue));
  return seconds;
}

/** The fastest of the algorithms; the first of equals. */
function fastestOf(alternatives: KernelLayer['alternatives'], gpu: Gpu): readonly KernelWork[] {
  if (alternatives.length === 1) return alternatives[0]!;
  const cta = new CtaStreams();
  const seconds = alternatives.map((kernels) => secondsOf(kernels, gpu, cta));
  return alternatives[seconds.indexOf(Math.min(...seconds))]!;
}

const fastestIn = (prepared: Prepared, gpu: Gpu) => fastestOf((prepared as KernelLayer).alternatives, gpu);

function sumActivity(kernels: readonly KernelWork[], times: readonly KernelTime[]): Activity {
  const sum = noActivity();
  kernels.forEach(({ activity }, k) => addActivity(sum, { ...activity, dramBytes: times[k]!.dramBytes }, 1));
  return sum;
}

function sumTimes(times: readonly KernelTime[]): LayerTime {
  if (times.length === 1) return times[0]!;
  const sum = { seconds: 0, busy: zeroPerStream(), bound: zeroPerBottleneck(), elastic: zeroPerStream() };
  const byBottleneck = zeroPerBottleneck();
  for (const { seconds, busy, bound, elastic, bottleneck } of times) {
    sum.seconds += seconds;
    addPerStream(sum.busy, busy, 1);
    addPerStream(sum.elastic, elastic, 1);
    addPerBottleneck(sum.bound, bound, 1);
    byBottleneck[bottleneck] += seconds;
  }
  return { ...sum, bottleneck: largestOf(byBottleneck) };
}

function evaluate(prepared: Prepared, gpu: Gpu): LayerResult {
  const { layer, pass, flops, alternatives } = prepared as KernelLayer;
  const kernels = fastestOf(alternatives, gpu);
  const times = kernels.map((work) => kernelTime(work, gpu));
  const longest = times.reduce((most, { seconds }, k) => (seconds > times[most]!.seconds ? k : most), 0);
  const { gemm, tile, tiling, activeCtas, kernel } = kernels[longest]!;
  const { seconds, busy, bound, elastic, bottleneck } = sumTimes(times);
  return {
    ...{ layer, pass, gemm, tile, tiling, activeCtas, waves: kernel.waves, cta: times[longest]!.cta },
    flops,
    traffic: sumTraffic(kernels.map(({ traffic }, k) => withDramBytes(traffic, times[k]!.dramBytes))),
    activity: sumActivity(kernels, times),
    ...{ seconds, busy, bound, elastic, bottleneck, around: {}, kernels: times, prepared },
  };
}

/** What decides the time of the fastest algorithm, were a term of all waves shorter and the others as they are. */
function relieved({ prepared }: LayerResult, gpu: Gpu, bottleneck: Bottleneck, factor: number): PerBottleneck {
  const bounds = (prepared as KernelLayer).alternatives.map((kernels) => {
    const sum = zeroPerBottleneck();
    for (const { kernel } of kernels) {
      const cta = new CtaStreams().set(kernel, gpu);
      if (bottleneck !== 'launch') cta[bottleneck] /= factor;
      addBound(sum, { ...kernel, overheadS: kernel.overheadS / (bottleneck === 'launch' ? factor : 1) }, cta);
    }
    return sum;
  });
  const seconds = bounds.map(secondsOfBound);
  return bounds[seconds.indexOf(Math.min(...seconds))]!;
}

/** What tells a model of algorithms from others. */
export type KernelModelParts = Pick<LayerModel, 'name' | 'version' | 'passes' | 'unread' | 'tiles'> & {
  algorithms: readonly Algorithm[];
};

export function kernelModel({ algorithms, ...parts }: KernelModelParts): LayerModel {
  const plan = (gpu: Gpu, layer: Layer, batch: number, pass: LayerPass) =>
    alternativesOf(algorithms, gpu, layer, batch, pass);
  const cta = new CtaStreams();
  return {
    ...parts,
    algorithms,
    prepare(gpu, layer, batch, pass): KernelLayer | Infeasible {
      const planned = plan(gpu, layer, batch, pass);
      if ('infeasible' in planned) return planned;
      const alternatives = planned.map(({ kernels }) => kernels.map((kernel) => kernel.work(kernel.traffic())));
      return { layer, pass, flops: 2 * macsOf(gemmOf(layer, batch, pass)), alternatives };
    },
    evaluate,
    seconds: (prepared, gpu) => secondsOf(fastestIn(prepared, gpu), gpu, cta),
    slopes: ({ prepared }, gpu) =>
      slopesOfKernels(
        fastestIn(prepared, gpu).map(({ kernel }) => kernel),
        gpu,
      ),
    jumpOf: dualIssueLimit,
    relieved,
    boundsOf(gpu, workload: Workload) {
      const layers = contextOf(algorithms, mergedPasses(workload), gpu);
      return typeof layers === 'string' ? undefined : new KernelBounds(layers);
    },
    occupancyOf(gpu, layer, batch, pass) {
      const planned = plan(gpu, layer, batch, pass);
      if ('infeasible' in planned) return undefined;
      return planned.map(({ slot, kernels }) => [slot, ...kernels.map(({ occupancy }) => occupancy)].join(' ')).join();
    },
  };
}
