/** Questions that any study answers, by name: SQL with what may be set in it. */

/** A number that the SQL calls `@name`. */
export interface RecipeParameter {
  name: string;
  meaning: string;
  default: number;
}

export interface Recipe {
  name: string;
  /** What it answers, in words. */
  answers: string;
  parameters: readonly RecipeParameter[];
  /** Asks the study's own front, which is stored where a run has finished. */
  needsFront?: true;
  sql: string;
}

const DESIGNS: RecipeParameter = { name: 'designs', meaning: 'designs of each workload to show', default: 5 };

/** `front`: what is stored of the front over the objectives of the study. */
const FRONT = `WITH own(objectives) AS (
  SELECT group_concat((o.value ->> 'goal') || ' ' || (o.value ->> 'metric'), ', ')
  FROM study, json_each(study.value, '$.objectives') AS o WHERE study.key = 'study'
), front AS (SELECT pareto.* FROM pareto JOIN own USING (objectives))`;

/** `digits`: the digits of an id. A point is at `id / stride % size` of the axes of a digit. */
const DIGITS = `WITH RECURSIVE sizes(digit, size) AS (
  SELECT digit, max(position) + 1 FROM axes WHERE swept GROUP BY digit
), digits(digit, size, stride) AS (
  SELECT * FROM (SELECT digit, size, 1 FROM sizes ORDER BY digit DESC LIMIT 1)
  UNION ALL
  SELECT sizes.digit, sizes.size, digits.stride * digits.size FROM digits JOIN sizes ON sizes.digit = digits.digit - 1
)`;

/** `shown`: the axes; of a design option its name stands for what it changes. */
const SHOWN_AXES = `shown AS (
  SELECT * FROM axes WHERE swept
  AND (axis = 'option' OR digit NOT IN (SELECT digit FROM axes WHERE axis = 'option'))
)`;

/** How many designs the own front of a study has. */
export const FRONT_SIZE = `${FRONT}\nSELECT count(*) FROM front`;

/** In the order that they are listed in. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'workloads',
    answers: 'What has been evaluated: each workload, its baseline, and the best that was found',
    parameters: [],
    sql: `SELECT w.network, w.batch, w.pass, w.macs / 1e9 AS gmacs, w.baseline_ms, count(p.id) AS points,
  min(p.time_ms) AS best_ms, max(p.speedup) AS best_speedup
FROM workloads AS w LEFT JOIN points AS p USING (network, batch, pass)
GROUP BY w.workload`,
  },
  {
    name: 'front',
    answers: "The designs of the study's own Pareto front, fastest first",
    parameters: [],
    needsFront: true,
    sql: `${FRONT}
SELECT network, batch, pass, id, time_ms, area_mm2, speedup, balance, bottleneck,
  CASE WHEN balanced THEN 'balanced' WHEN knee THEN 'knee' ELSE '' END AS mark
FROM front JOIN points USING (id)
ORDER BY network, batch, pass, time_ms, id`,
  },
  {
    name: 'balanced',
    answers: 'The balanced design and the knee of each front',
    parameters: [],
    needsFront: true,
    sql: `${FRONT}
SELECT network, batch, pass, CASE WHEN balanced THEN 'balanced' ELSE 'knee' END AS mark,
  id, time_ms, area_mm2, speedup, imbalance, bottleneck
FROM front JOIN points USING (id) WHERE balanced OR knee
ORDER BY network, batch, pass, time_ms, id`,
  },
  {
    name: 'bottlenecks',
    answers: 'What binds the designs, how often, and how fast they are',
    parameters: [],
    // Materialized, so that SQLite computes each bottleneck once.
    sql: `WITH feasible AS MATERIALIZED (
  SELECT network, batch, pass, bottleneck, speedup FROM points WHERE time_ms IS NOT NULL
)
SELECT network, batch, pass, bottleneck, count(*) AS designs,
  100.0 * count(*) / sum(count(*)) OVER (PARTITION BY network, batch, pass) AS percent,
  avg(speedup) AS mean_speedup, max(speedup) AS best_speedup
FROM feasible
GROUP BY network, batch, pass, bottleneck
ORDER BY network, batch, pass, designs DESC`,
  },
  {
    name: 'best-under-area',
    answers: 'The fastest designs within a budget of area',
    parameters: [{ name: 'area_mm2', meaning: 'the budget, mm2', default: 600 }, DESIGNS],
    sql: `WITH placed AS (
  SELECT id, row_number() OVER (PARTITION BY network, batch, pass ORDER BY time_ms, area_mm2, id) AS place
  FROM points WHERE area_mm2 <= @area_mm2 AND time_ms IS NOT NULL
)
SELECT network, batch, pass, id, time_ms, area_mm2, speedup, bottleneck
FROM placed JOIN points USING (id) WHERE place <= @designs
ORDER BY network, batch, pass, place`,
  },
  {
    name: 'cheapest-at-speedup',
    answers: 'The smallest designs that are fast enough',
    parameters: [{ name: 'speedup', meaning: 'the least speed over the baseline', default: 2 }, DESIGNS],
    sql: `WITH placed AS (
  SELECT id, row_number() OVER (PARTITION BY network, batch, pass ORDER BY area_mm2, time_ms, id) AS place
  FROM points WHERE speedup >= @speedup AND area_mm2 IS NOT NULL
)
SELECT network, batch, pass, id, area_mm2, time_ms, speedup, bottleneck
FROM placed JOIN points USING (id) WHERE place <= @designs
ORDER BY network, batch, pass, place`,
  },
  {
    name: 'idle',
    answers: 'The designs of the front that leave most silicon idle',
    parameters: [DESIGNS],
    needsFront: true,
    sql: `${FRONT}, placed AS (
  SELECT id, area_mm2 * (1 - balance) AS idle_mm2, row_number() OVER (
    PARTITION BY network, batch, pass ORDER BY area_mm2 * (1 - balance) DESC, id) AS place
  FROM front JOIN points USING (id)
)
SELECT network, batch, pass, id, idle_mm2, area_mm2, balance, speedup, bottleneck
FROM placed JOIN points USING (id) WHERE place <= @designs
ORDER BY network, batch, pass, place`,
  },
  {
    name: 'axis-effects',
    answers: 'Geometric mean and least time with each value of each axis, over all points',
    parameters: [],
    sql: `${DIGITS}, ${SHOWN_AXES}, stored AS (
  SELECT network, batch, pass, digit, id / stride % size AS position, count(*) AS points,
    exp(avg(ln(time_ms))) AS mean_ms, min(time_ms) AS best_ms, id AS best_id
  FROM points JOIN digits WHERE (SELECT value FROM study WHERE key = 'store') = 'all'
  GROUP BY network, batch, pass, digit, position
), summed AS ( -- where a study keeps its front alone, it keeps these sums of the other points
  SELECT network, batch, pass, digit, position, points,
    exp(log_time / 1048576.0 / nullif(points - infeasible, 0)) AS mean_ms, least_time_ms AS best_ms, least_time_id AS best_id
  FROM marginals JOIN workloads USING (workload)
)
SELECT network, batch, pass, axis, value, points, mean_ms, best_ms, best_id
FROM (SELECT * FROM stored UNION ALL SELECT * FROM summed) JOIN shown USING (digit, position)
ORDER BY network, batch, pass, digit, axis, position`,
  },
  {
    name: 'fastest-per-axis-value',
    answers: 'The fastest stored design with each value of each axis',
    parameters: [],
    sql: `${DIGITS}, ${SHOWN_AXES}, fastest AS (
  SELECT digit, id / stride % size AS position, min(time_ms) AS least, id
  FROM points JOIN digits WHERE time_ms IS NOT NULL
  GROUP BY network, batch, pass, digit, position
)
SELECT network, batch, pass, axis, value, id, time_ms, area_mm2, speedup, bottleneck
FROM fastest JOIN shown USING (digit, position) JOIN points USING (id)
ORDER BY network, batch, pass, digit, axis, position`,
  },
  {
    name: 'design',
    answers: 'The value of every axis of a design, beside the baseline',
    parameters: [{ name: 'id', meaning: 'the design', default: 0 }],
    sql: `${DIGITS}
SELECT axis, value, baseline, CASE WHEN typeof(value) <> 'text' THEN value / baseline END AS times, unit
FROM points JOIN digits JOIN axes USING (digit) WHERE id = @id AND position = id / stride % size
ORDER BY digit, axis`,
  },
  {
    name: 'constraints',
    answers: 'How many points of the grid each constraint rejects by itself',
    parameters: [],
    sql: `SELECT expression, rejected FROM constraints ORDER BY position`,
  },
  {
    name: 'infeasible',
    answers: 'Why designs cannot run, and how many',
    parameters: [],
    sql: `SELECT network, batch, pass, infeasible, count(*) AS designs
FROM points WHERE infeasible IS NOT NULL
GROUP BY network, batch, pass, infeasible
ORDER BY network, batch, pass, designs DESC, infeasible`,
  },
  {
    name: 'layers',
    answers: 'The GEMM of every layer, and its share of the arithmetic',
    parameters: [],
    sql: `SELECT network, batch, layers.pass, name, count, gemm_m, gemm_n, gemm_k,
  100.0 * count * gemm_m * gemm_n * gemm_k * groups / macs AS percent
FROM layers JOIN workloads USING (workload)
ORDER BY workload, position, layers.pass`,
  },
];
