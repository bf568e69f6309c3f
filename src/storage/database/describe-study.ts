/** Rows of `study.db` that say what the study is: facts, axes, workloads, layers, constraints, the baseline. */
import type Database from 'better-sqlite3';
import { baselineValue } from '../../model/gpu.js';
import { gemmOf, layerPasses, type Layer } from '../../model/layer.js';
import { showShard } from '../../engine/shards.js';
import { METRICS, type WorkloadFacts } from '../../model/metrics.js';
import { AXIS_IDS, describeAxis } from '../../model/resources.js';
import { workloadFacts, workloadMacs } from '../../space/facts.js';
import { PointEvaluator } from '../../space/evaluate-point.js';
import { OPTION } from '../../space/columns.js';
import { OPTION_DIGIT, sweptAxes, type Study } from '../../space/study.js';
import { dimensionTable, dimensionTables } from './points-view.js';
import type { Manifest } from '../folder/manifest.js';

/** Fills the tables that do not change while the study runs. */
export function describeStudy(db: Database.Database, manifest: Manifest, facts: readonly WorkloadFacts[]): void {
  const { study } = manifest;
  insertFacts(db, manifest);
  insertAxes(db, study);
  insertWorkloads(db, study, facts);
  insertDimensions(db, study);
  insertBaseline(db, study);
  const insert = db.prepare('INSERT INTO constraints (position, expression) VALUES (?, ?)');
  study.constraints.forEach((expression, position) => insert.run(position, expression));
}

/** The value of a key of the table `study`; undefined if it is not there. */
export function readFact(db: Database.Database, key: string): unknown {
  return db.prepare('SELECT value FROM study WHERE key = ?').pluck().get(key);
}

/** Figures of the workloads, as `describeStudy` stored them. */
export function readFacts(db: Database.Database, { workloads }: Study): WorkloadFacts[] {
  const times = db.prepare('SELECT baseline_ms FROM workloads ORDER BY workload').pluck().all() as (number | null)[];
  return workloads.map((workload, w) => workloadFacts(workload, times[w] ?? Number.NaN));
}

function insertFacts(db: Database.Database, manifest: Manifest): void {
  const { name, hash, tool_version, model_version, started, study, shard } = manifest;
  const swept = new Set(sweptAxes(study).map((axis) => axis.id));
  const fixed = AXIS_IDS.filter((id) => !swept.has(id)).map((id) => [id, baselineValue(study.baseline, id)] as const);
  const facts = { name, hash, tool_version, model: study.model, model_version, baseline: study.baseline.id, started };
  const insert = db.prepare('INSERT INTO study VALUES (?, ?)');
  for (const [key, value] of [
    ...Object.entries(facts),
    ['store', study.store],
    ...(shard ? [['shard', showShard(shard)]] : []),
    ['study', JSON.stringify(study)],
    ...fixed,
  ])
    insert.run(key, value);
}

function insertAxes(db: Database.Database, study: Study): void {
  const insert = db.prepare('INSERT INTO axes VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  study.options?.forEach((option, position) =>
    insert.run(OPTION.name, position, option, OPTION.unit, OPTION.meaning, study.baseline.id, 1, OPTION_DIGIT),
  );
  for (const id of AXIS_IDS) {
    const { unit, meaning } = describeAxis(id);
    const baseline = baselineValue(study.baseline, id);
    const digit = study.dimensions.findIndex((dimension) => dimension.some((axis) => axis.id === id));
    const axis = study.dimensions[digit]?.find((candidate) => candidate.id === id);
    (axis?.values ?? [baseline]).forEach((value, position) =>
      insert.run(id, position, value, unit, meaning, baseline, axis ? 1 : 0, axis ? digit + 1 : null),
    );
  }
}

/** Makes and fills the tables of the dimensions, which the view `points` takes axis values from. */
function insertDimensions(db: Database.Database, study: Study): void {
  dimensionTables(study).forEach(({ sql, rows }, d) => {
    db.exec(sql);
    const insert = db.prepare(`INSERT INTO ${dimensionTable(d + 1)} VALUES (${rows[0]!.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(row);
  });
}

function insertBaseline(db: Database.Database, study: Study): void {
  const evaluator = new PointEvaluator({ ...study, dimensions: [] });
  const cells = 4 + AXIS_IDS.length + METRICS.length + 1;
  const insert = db.prepare(`INSERT INTO baseline VALUES (${Array(cells).fill('?').join(', ')})`);
  study.workloads.forEach(({ network, batch, pass }, w) => {
    const point = evaluator.evaluateId(w);
    const isFeasible = !('infeasible' in point);
    insert.run(
      ...[w, network.name, batch, pass],
      ...AXIS_IDS.map((id) => baselineValue(study.baseline, id)),
      ...METRICS.map((metric) => (isFeasible ? metric.of(point) : null)),
      isFeasible ? null : point.infeasible,
    );
  });
}

function insertWorkloads(db: Database.Database, { workloads }: Study, facts: readonly WorkloadFacts[]): void {
  const insertWorkload = db.prepare('INSERT INTO workloads VALUES (?, ?, ?, ?, ?, ?)');
  const insertLayer = db.prepare(`INSERT INTO layers VALUES (${Array(19).fill('?').join(', ')})`);
  workloads.forEach((workload, w) => {
    const { network, batch, pass } = workload;
    const { baselineMs } = facts[w]!;
    insertWorkload.run(
      w,
      network.name,
      batch,
      pass,
      workloadMacs(workload),
      Number.isNaN(baselineMs) ? null : baselineMs,
    );
    network.layers.forEach((layer, position) => {
      for (const layerPass of layerPasses(pass, position)) {
        const { m, n, k } = gemmOf(layer, batch, layerPass);
        insertLayer.run(w, position, layerPass, ...layerCells(layer), m, n, k);
      }
    });
  });
}

/** Cells of `layers` that describe a layer's shape, in the table's order. */
function layerCells({ name, count, ...shape }: Layer): (string | number)[] {
  const { inChannels, inHeight, inWidth, outChannels, filterHeight, filterWidth, groups } = shape;
  const { strideHeight, strideWidth, padHeight, padWidth } = shape;
  return [
    ...[name, count, inChannels, inHeight, inWidth, outChannels, filterHeight, filterWidth],
    ...[strideHeight, strideWidth, padHeight, padWidth, groups],
  ];
}
