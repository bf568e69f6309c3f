/** Rows of `study.db` that say what the study is: facts, axes, workloads, layers, constraints, the baseline. */
import type Database from 'better-sqlite3';
import { baselineValue } from '../../model/gpu.js';
import { gemmOf, layerPasses, type Layer } from '../../model/layer.js';
import { showShard } from '../../engine/shards.js';
import { METRICS, type WorkloadFacts } from '../../model/metrics.js';
import { AXIS_IDS, describeAxis } from '../../model/resources.js';
import { showNumber } from '../../model/units.js';
import { workloadFacts, workloadMacs } from '../../space/facts.js';
import { PointEvaluator } from '../../space/evaluate-point.js';
import { OPTION } from '../../space/columns.js';
import { OPTION_DIGIT, sweptAxes, type Study } from '../../space/study.js';
import { namesOf, quoted } from './names.js';
import { dimensionTables } from './points-view.js';
import { missingItems } from './schema.js';
import type { Manifest } from '../folder/manifest.js';

type Row = Record<string, number | string | null>;

/** Rows that a table has at least, alike in their columns; those of `keys` tell them apart. */
interface TableRows {
  table: string;
  keys: readonly string[];
  rows: readonly Row[];
}

/** Figures are the same within this, relatively: another machine may round them otherwise. */
const TOLERANCE = 1e-9;

/** What a manifest's study has in the tables that do not change while it runs; `facts` has the baseline's times as threads evaluate them. */
function describe(manifest: Manifest, facts?: readonly WorkloadFacts[]): TableRows[] {
  const { study } = manifest;
  const baseline = baselineRows(study);
  const times = baseline.map(({ time_ms }, w) => facts?.[w]?.baselineMs ?? time_ms ?? Number.NaN) as number[];
  const constraints = study.constraints.map((expression, position) => ({ position, expression }));
  const described: TableRows[] = [
    { table: 'study', keys: ['key'], rows: factRows(manifest) },
    { table: 'axes', keys: ['axis', 'position'], rows: axisRows(study) },
    { table: 'workloads', keys: ['workload'], rows: workloadRows(study, times) },
    { table: 'layers', keys: ['workload', 'position', 'pass'], rows: layerRows(study) },
    { table: 'baseline', keys: ['workload'], rows: baseline },
    { table: 'constraints', keys: ['position'], rows: constraints },
    ...dimensionTables(study).map(({ table, rows }) => ({ table, keys: ['position'], rows })),
  ];
  return described.filter(({ rows }) => rows.length > 0);
}

/** Stores the rows that are missing or changed; what a user has added to a row stays. */
export function restoreDescription(db: Database.Database, manifest: Manifest, facts: readonly WorkloadFacts[]): void {
  for (const described of describe(manifest, facts)) {
    const { table, keys, rows } = described;
    const names = Object.keys(rows[0]!);
    const others = names.filter((name) => !keys.includes(name)).map(quoted);
    const store = db.prepare(
      `INSERT INTO ${table} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')})
        ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    );
    for (const row of differingRows(db, described)) store.run(names.map((name) => row[name]));
  }
}

/** The program's tables and views that are missing, and rows that are not as the manifest describes the study. */
export function descriptionProblems(db: Database.Database, manifest: Manifest): string[] {
  const missing = missingItems(db, manifest.study);
  const names = missing.map(({ name }) => name);
  const differing = describe(manifest)
    .filter(({ table }) => !names.includes(table))
    .map((described) => ({ ...described, count: differingRows(db, described).length }))
    .filter(({ count }) => count > 0);
  return [
    ...missing.map(({ type, name }) => `the ${type} ${name} is missing`),
    ...differing.map(
      ({ table, count, rows }) =>
        `${table}: ${showNumber(count)} of its ${showNumber(rows.length)} rows are missing or changed`,
    ),
  ];
}

/** The rows that a table does not have, or has with other cells. */
function differingRows(db: Database.Database, { table, keys, rows }: TableRows): Row[] {
  const names = Object.keys(rows[0]!);
  const keyOf = (row: Row) => JSON.stringify(keys.map((key) => row[key]));
  const columns = namesOf(names.map((name) => ({ name })));
  const all = db.prepare(`SELECT ${columns} FROM ${table}`).all() as Row[];
  const stored = new Map(all.map((row) => [keyOf(row), row]));
  return rows.filter((row) => {
    const found = stored.get(keyOf(row));
    return !found || names.some((name) => !isSame(found[name]!, row[name]!));
  });
}

function isSame(a: Row[string], b: Row[string]): boolean {
  return typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= TOLERANCE * Math.abs(b) : a === b;
}

/** The value of a key of the table `study`; undefined if it is not there. */
export function readFact(db: Database.Database, key: string): unknown {
  return db.prepare('SELECT value FROM study WHERE key = ?').pluck().get(key);
}

/** Figures of the workloads, as they are stored. */
export function readFacts(db: Database.Database, { workloads }: Study): WorkloadFacts[] {
  const times = db.prepare('SELECT baseline_ms FROM workloads ORDER BY workload').pluck().all() as (number | null)[];
  return workloads.map((workload, w) => workloadFacts(workload, times[w] ?? Number.NaN));
}

function factRows(manifest: Manifest): Row[] {
  const { name, hash, tool_version, model_version, started, study, shard } = manifest;
  const swept = new Set(sweptAxes(study).map((axis) => axis.id));
  const fixed = AXIS_IDS.filter((id) => !swept.has(id)).map((id) => [id, baselineValue(study.baseline, id)] as const);
  const facts = {
    ...{ name, hash, tool_version, model: study.model, model_version, baseline: study.baseline.id, started },
    store: study.store,
    ...(shard ? { shard: showShard(shard) } : {}),
    study: JSON.stringify(study),
    ...Object.fromEntries(fixed),
  };
  return Object.entries(facts).map(([key, value]) => ({ key, value }));
}

function axisRows(study: Study): Row[] {
  const options = (study.options ?? []).map((value, position) => {
    const { name: axis, unit, meaning } = OPTION;
    return { axis, position, value, unit, meaning, baseline: study.baseline.id, swept: 1, digit: OPTION_DIGIT };
  });
  const axes = AXIS_IDS.flatMap((id) => {
    const { unit, meaning } = describeAxis(id);
    const baseline = baselineValue(study.baseline, id);
    const d = study.dimensions.findIndex((dimension) => dimension.some((axis) => axis.id === id));
    const axis = study.dimensions[d]?.find((candidate) => candidate.id === id);
    const [swept, digit] = axis ? [1, d + 1] : [0, null];
    return (axis?.values ?? [baseline]).map((value, position) => {
      return { axis: id, position, value, unit, meaning, baseline, swept, digit };
    });
  });
  return [...options, ...axes];
}

function baselineRows(study: Study): Row[] {
  const evaluator = new PointEvaluator({ ...study, dimensions: [] });
  return study.workloads.map(({ network, batch, pass }, workload) => {
    const point = evaluator.evaluateId(workload);
    const isFeasible = !('infeasible' in point);
    return {
      ...{ workload, network: network.name, batch, pass },
      ...Object.fromEntries(AXIS_IDS.map((id) => [id, baselineValue(study.baseline, id)])),
      ...Object.fromEntries(METRICS.map((metric) => [metric.name, isFeasible ? metric.of(point) : null])),
      infeasible: isFeasible ? null : point.infeasible,
    };
  });
}

function workloadRows({ workloads }: Study, times: readonly number[]): Row[] {
  return workloads.map((workload, w) => {
    const { network, batch, pass } = workload;
    const baseline_ms = Number.isNaN(times[w]!) ? null : times[w]!;
    return { workload: w, network: network.name, batch, pass, macs: workloadMacs(workload), baseline_ms };
  });
}

function layerRows({ workloads }: Study): Row[] {
  return workloads.flatMap(({ network, batch, pass }, workload) =>
    network.layers.flatMap((layer, position) =>
      layerPasses(pass, position).map((layerPass) => {
        const { m, n, k } = gemmOf(layer, batch, layerPass);
        const gemm = { gemm_m: m, gemm_n: n, gemm_k: k };
        return { workload, position, pass: layerPass, ...layerCells(layer), ...gemm };
      }),
    ),
  );
}

/** Cells of `layers` that describe a layer's shape. */
function layerCells(layer: Layer): Row {
  return {
    ...{ name: layer.name, count: layer.count },
    ...{ in_channels: layer.inChannels, in_height: layer.inHeight, in_width: layer.inWidth },
    ...{ out_channels: layer.outChannels, filter_height: layer.filterHeight, filter_width: layer.filterWidth },
    ...{ stride_height: layer.strideHeight, stride_width: layer.strideWidth },
    ...{ pad_height: layer.padHeight, pad_width: layer.padWidth, groups: layer.groups },
  };
}
