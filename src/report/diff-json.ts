/** What `diff --json` prints. */
import type { DiffedDesign } from '../analysis/diff/front-changes.js';
import {
  axisValuesOf,
  isUnmoved,
  movedAxes,
  notCompared,
  objectiveMetrics,
  type DiffSide,
  type StudyDiff,
} from '../analysis/diff/study-diff.js';

/** Figures of a design. */
function rowJson(row: DiffedDesign | undefined, metrics: readonly string[]) {
  if (!row) return null;
  const { id, balanced, knee } = row;
  const names = [...metrics, 'bottleneck', 'infeasible'];
  return { id, balanced, knee, ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])) };
}

/** `diff --json`. */
export function diffJson(diff: StudyDiff) {
  const { before, after, spec, workloads } = diff;
  const axes = movedAxes(diff);
  const metrics = [...new Set(['time_ms', 'area_mm2', 'speedup', ...objectiveMetrics(diff)])];
  const side = ({ study, name, finished }: DiffSide) => ({
    ...{ study: study.name, folder: name, finished, store: study.store },
    objectives: study.objectives,
  });
  return {
    ...{ before: side(before), after: side(after), unmoved: isUnmoved(diff), spec, axes },
    not_compared: notCompared(diff),
    workloads: workloads.map(({ front, changes, ...workload }) => ({
      ...workload,
      front: front.map(({ change, why, ...rows }) => ({
        ...{ change, why: why ?? null },
        axes: Object.fromEntries(
          rows.after && change !== 'went'
            ? axisValuesOf(after.study, rows.after.id, axes)
            : axisValuesOf(before.study, rows.before!.id, axes),
        ),
        before: rowJson(rows.before, metrics),
        after: rowJson(rows.after, metrics),
      })),
      ...changes,
    })),
  };
}
