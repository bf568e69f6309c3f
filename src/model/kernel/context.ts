/** Contexts: the work of a workload's layers on designs that differ in rates and latencies alone (docs/model.md, 10 and 11.1). */
import { addActivity, noActivity } from '../energy.js';
import type { Gpu } from '../gpu.js';
import type { MergedPass } from '../passes.js';
import type { RunWork } from '../time-bounds.js';
import { l1Bytes, l2Bytes, type Traffic } from '../traffic/traffic.js';
import { alternativesOf, type Algorithm } from './algorithm.js';
import type { KernelWork } from './kernel.js';

/** A pass of a layer: the algorithms that the fastest is taken of, each with its GPU kernels. */
export interface ContextLayer {
  /** How often the workload runs it. */
  count: number;
  alternatives: readonly (readonly KernelWork[])[];
}

/** Reads the traffic, already computed, of a kernel of a pass in a context, by position. */
export type TrafficSource = (workload: number, context: number, pass: number, slot: number) => Traffic;

/**
 * The layers of a workload on a design; the reason where one of them cannot run.
 *
 * @param known the traffic of a kernel by its pass and slot; default: the traffic is computed here
 */
export function contextOf(
  algorithms: readonly Algorithm[],
  passes: readonly MergedPass[],
  gpu: Gpu,
  known?: (pass: number, slot: number) => Traffic,
): readonly ContextLayer[] | string {
  const planned = [];
  for (const { layer, batch, pass } of passes) {
    const alternatives = alternativesOf(algorithms, gpu, layer, batch, pass);
    if ('infeasible' in alternatives) return alternatives.infeasible;
    planned.push(alternatives);
  }
  return planned.map((alternatives, p) => ({
    count: passes[p]!.count,
    alternatives: alternatives.map(({ slot, kernels }) =>
      kernels.map((kernel, k) => kernel.work(known ? known(p, slot + k) : kernel.traffic())),
    ),
  }));
}

export const noWork = (): RunWork => ({ l1Bytes: 0, l2Bytes: 0, dramBytes: 0, activity: noActivity() });

/** Adds what a kernel does, `count` times, where DRAM moves `dram` bytes. */
export function addWork(to: RunWork, { traffic, activity }: KernelWork, count: number, dram: number): void {
  to.l1Bytes += count * l1Bytes(traffic);
  to.l2Bytes += count * l2Bytes(traffic);
  to.dramBytes += count * dram;
  addActivity(to.activity, { ...activity, dramBytes: dram }, count);
}
