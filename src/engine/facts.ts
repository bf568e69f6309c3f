/** What all designs of a study share about its workloads; the baseline's time is computed as any other. */
import type { WorkloadFacts } from '../model/metrics.js';
import { columnsOf, evaluatedColumns } from '../space/columns.js';
import { workloadFacts } from '../space/facts.js';
import type { Study } from '../space/study.js';
import { evaluatorOf, RangeEvaluator } from './evaluate-range.js';
import type { TrafficSource } from '../model/kernel/context.js';

/** Facts of each workload of a study. `traffic` is the baseline's, where it is known. */
export function factsOf(study: Study, traffic?: TrafficSource): WorkloadFacts[] {
  const baseline: Study = { ...study, dimensions: [], constraints: [] };
  const columns = evaluatedColumns(columnsOf(baseline));
  const evaluator = new RangeEvaluator(baseline, evaluatorOf(baseline, columns, { traffic }));
  const { batch } = evaluator.evaluate(0, study.workloads.length);
  const times = batch.columns[columns.findIndex(({ name }) => name === 'time_ms')]!;
  return study.workloads.map((workload, w) => workloadFacts(workload, times[w]!));
}
