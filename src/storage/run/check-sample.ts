/** Compares some stored points with what the model gives. */
import { pointsOfChunks } from '../../engine/chunks.js';
import { modelOf } from '../../model/models.js';
import { METRICS, type Metric } from '../../model/metrics.js';
import { reasonCells, REASONS, type Reason } from '../../model/reasons.js';
import { showNumber } from '../../model/units.js';
import { PointEvaluator } from '../../space/evaluate-point.js';
import { cellOf, columnsOf } from '../../space/columns.js';
import { gridOf } from '../../space/study.js';
import { pointReader } from '../database/study-database.js';
import type { PointRow } from '../read/results.js';
import type { Check } from './check.js';
import type { CheckedStudy } from './checked-study.js';

/** Points that are evaluated again, and how far their figures may be from the stored ones, relatively. */
const SAMPLED_POINTS = 64;
const TOLERANCE = 1e-9;

/** Points spread over the study, evaluated by the plain path. */
export function checkSample({ manifest, study, db, chunks }: CheckedStudy): Check {
  const { version } = modelOf(study.model);
  if (manifest.model_version !== version)
    return {
      name: 'model',
      verified: `nothing: stored by version ${manifest.model_version} of ${study.model}, this program has ${version}`,
      problems: [],
    };
  const evaluator = new PointEvaluator(study);
  const { chunk_points: chunkPoints } = manifest;
  const points = pointsOfChunks(chunks, gridOf(study).size, chunkPoints);
  const atOrAfter = db.prepare('SELECT * FROM points WHERE id >= ? ORDER BY id LIMIT 1');
  const columns = columnsOf(study);
  const readPoints = pointReader(db, study);
  const seen = new Set<number>();
  const problems: string[] = [];
  for (let i = 0; i < SAMPLED_POINTS; i++) {
    const row = atOrAfter.get(chunks.from * chunkPoints + Math.floor((i / SAMPLED_POINTS) * points)) as
      PointRow | undefined;
    if (!row || seen.has(row.id)) continue;
    seen.add(row.id);
    const point = readPoints(row.id, row.id + 1);
    const result = evaluator.evaluateId(row.id);
    const derived = columns.filter((column, c) => differs(row[column.name], cellOf(column, point.columns[c]!, 0)));
    if (derived.length > 0)
      problems.push(
        `point ${row.id}: ${derived.map(({ name }) => name).join(', ')} of points do not follow from the study; drop what was changed and run`,
      );
    const wrong =
      'infeasible' in result
        ? ['infeasible'].filter(() => row['infeasible'] !== result.infeasible)
        : [
            ...METRICS.filter((metric) => !agrees(metric, row[metric.name], metric.of(result))),
            ...(study.reasons === 'all' ? differingReasons(evaluator, row) : []),
          ].map(({ name }) => name);
    if (wrong.length > 0)
      problems.push(
        `point ${row.id}: ${wrong.join(', ')} differ from what the model gives; delete its row from evaluated and run`,
      );
  }
  return {
    name: 'model',
    verified: `${showNumber(seen.size)} points evaluated again, within ${TOLERANCE}`,
    problems,
  };
}

/** The reasons of a point that are not stored as the model gives them. */
function differingReasons(evaluator: PointEvaluator, row: PointRow): Reason[] {
  const reasons = evaluator.reasonsOfId(row.id);
  if ('infeasible' in reasons) return [];
  const cells = reasonCells(reasons);
  return REASONS.filter(({ name }) => {
    const [stored, evaluated] = [row[name], cells[name]!];
    return typeof stored === 'number' && typeof evaluated === 'number'
      ? Math.abs(stored - evaluated) > TOLERANCE * Math.max(1, Math.abs(evaluated))
      : stored !== evaluated;
  });
}

function agrees(metric: Metric, stored: PointRow[string] | undefined, evaluated: number | string): boolean {
  if (metric.type === 'text') return stored === evaluated;
  if (Number.isNaN(evaluated)) return stored === null; // a speedup over a baseline that cannot run
  return typeof stored === 'number' && Math.abs(stored - Number(evaluated)) <= TOLERANCE * Math.abs(Number(evaluated));
}

/** Whether the view `points` has another cell than one that is derived from the row. */
function differs(stored: PointRow[string] | undefined, derived: number | string | null): boolean {
  return typeof stored === 'number' && typeof derived === 'number'
    ? Math.abs(stored - derived) > TOLERANCE * Math.abs(derived)
    : stored !== derived;
}
