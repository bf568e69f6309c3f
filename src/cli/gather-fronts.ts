import { WorkloadFronts } from '../analysis/workload-fronts.js';
import type { Chunk, Sink } from '../engine/sink.js';
import type { Study } from '../space/study.js';

/** Passes chunks on, and gathers the front of all from the fronts that they bring. */
export function gatherFronts(study: Study, sink: Sink): { sink: Sink; fronts: WorkloadFronts } {
  const fronts = new WorkloadFronts(study, study.objectives);
  const append = (chunk: Chunk) => {
    sink.append(chunk);
    if (chunk.front) fronts.add(chunk.front);
  };
  return { fronts, sink: { append, fail: sink.fail.bind(sink) } };
}
