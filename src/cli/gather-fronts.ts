import { WorkloadFronts, type MetricRows } from '../analysis/workload-fronts.js';
import type { Chunk, Sink } from '../engine/sink.js';
import type { Study } from '../space/study.js';

/** Passes chunks on, and gathers the front of all from the points that each may add to it. */
export function gatherFronts(
  study: Study,
  sink: Sink,
  pointsOf: (chunk: Chunk) => MetricRows | undefined,
): { sink: Sink; fronts: WorkloadFronts } {
  const fronts = new WorkloadFronts(study, study.objectives);
  const append = (chunk: Chunk) => {
    sink.append(chunk);
    const points = pointsOf(chunk);
    if (points) fronts.add(points);
  };
  return { fronts, sink: { append, fail: sink.fail.bind(sink) } };
}
