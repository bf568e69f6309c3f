/** One design layer by layer, as JSON and as a table. */
import { BOTTLENECKS, STREAMS, zeroPerBottleneck, type Bottleneck } from '../model/bottleneck.js';
import { utilizationOf } from '../model/workload-result.js';
import type { Gpu } from '../model/gpu.js';
import { dramBytes } from '../model/traffic/traffic.js';
import { validityNotes } from '../model/validity.js';
import type { LayerResult } from '../model/layer-model.js';
import type { LayerPass, Pass } from '../model/layer.js';
import type { Reasons } from '../model/response/reasons.js';
import { MICRO, MILLI, showBytes, showNumber, showPercent, TERA } from '../model/units.js';
import { workloadName } from '../model/workload-name.js';
import { renderCosts, type NoCosts, type RunCosts } from './explain-costs.js';
import { hitRates } from './explain-layer.js';
import { reasonsJson, renderReasons } from './reasons.js';
import { STREAM_HEADINGS } from './stream-headings.js';
import { renderTable, wrap } from './table.js';

export interface Explanation {
  gpu: string;
  network: string;
  batch: number;
  pass: Pass;
  model: string;
  /** The axes that the user set. */
  set: Record<string, number | string>;
  layers: readonly LayerResult[];
  /** What determines the time of the design; absent if only some layers are shown. */
  reasons?: { gpu: Gpu; reasons: Reasons } | undefined;
  /** The same layers without the axes that the user set; absent if there are none. */
  before?: readonly LayerResult[] | undefined;
  /** Area, and energy of the layers; absent if not requested. */
  costs?: RunCosts | NoCosts;
}

const SHORT_PASS: Record<LayerPass, string> = { forward: 'fwd', 'backward-data': 'data', 'backward-filter': 'filter' };

const percent = (fraction: number) => String(Math.round(100 * fraction));

/** The end of a name that is too long for its column. */
const shortName = (name: string, most: number) => (name.length > most ? `…${name.slice(1 - most)}` : name);

/** Seconds as another unit, by name. */
function inUnit(seconds: Record<string, number>, unit: number): Record<string, number> {
  return Object.fromEntries(Object.entries(seconds).map(([name, value]) => [name, value / unit]));
}

function layerJson(result: LayerResult) {
  const { m, n, k } = result.gemm;
  return {
    name: result.layer.name,
    pass: result.pass,
    count: result.layer.count,
    gemm: { m, n, k },
    cta_tile: result.tile.name,
    ctas: result.tiling.ctas,
    active_ctas_per_sm: result.activeCtas,
    flops: result.flops,
    l1_bytes: result.traffic.l1,
    l2_bytes: result.traffic.l2,
    dram_bytes: result.traffic.dram,
    time_ms: result.seconds / MILLI,
    bottleneck: result.bottleneck,
    utilization: utilizationOf(result),
    groups: result.gemm.groups,
    tiles: { rows: result.tiling.rows, columns: result.tiling.columns, split: result.tiling.split },
    loops: result.tiling.loops,
    waves: {
      ctas_per_sm: result.waves.ctasPerSm,
      ctas: result.waves.size,
      full: result.waves.full,
      last_ctas: result.waves.rest,
    },
    hit_rate: hitRates(result),
    cta_us: inUnit(result.cta, MICRO),
    around_us: inUnit(result.around, MICRO),
    bound_ms: inUnit(result.bound, MILLI),
  };
}

function totals(layers: readonly LayerResult[], batch: number) {
  const sum = (figure: (result: LayerResult) => number) =>
    layers.reduce((total, result) => total + result.layer.count * figure(result), 0);
  const seconds = sum((result) => result.seconds);
  return { time_ms: seconds / MILLI, flops: sum(({ flops }) => flops), images_per_s: batch / seconds };
}

/** Caveats: missing values, and layers for which the model is known to be inaccurate. */
function notesOn({ costs, layers }: Explanation): string[] {
  return [...(costs && 'unknown' in costs ? [costs.unknown] : []), ...validityNotes(layers)];
}

/** The output of `explain --json`. */
export function explainJson(explanation: Explanation) {
  const { gpu, network, batch, pass, model, set, layers, before, costs, reasons } = explanation;
  return {
    ...{ gpu, network, batch, pass, model },
    ...(before ? { set, before: { ...totals(before, batch), layers: before.map(layerJson) } } : {}),
    layers: layers.map(layerJson),
    total: totals(layers, batch),
    ...(costs && !('unknown' in costs) ? { costs } : {}),
    notes: notesOn(explanation),
    ...(reasons ? reasonsJson(reasons.reasons) : {}),
  };
}

/** `compute 64%, l1 30%`: the shares of the time by bottleneck, largest first. */
export function showShares(shares: Record<Bottleneck, number>, most = 3): string {
  return BOTTLENECKS.filter((name) => shares[name] >= 0.005)
    .sort((a, b) => shares[b] - shares[a])
    .slice(0, most)
    .map((name) => `${name} ${showPercent(shares[name])}`)
    .join(', ');
}

/** A layer has changed if its time has by this much (ln), or its bottleneck. */
const MIN_MOVE = 1e-3;
const SHOWN_MOVES = 8;

/** The effect of the axes that the user set: on the total, and on the layers that changed most. */
function whatMoved(before: readonly LayerResult[], after: readonly LayerResult[], pass: Pass, batch: number): string {
  const [was, is] = [totals(before, batch), totals(after, batch)];
  const nameOf = (result: LayerResult) =>
    shortName(result.layer.name, 20) + (pass === 'training' ? `, ${SHORT_PASS[result.pass]}` : '');
  const moved = after
    .map((result, i) => ({ result, old: before[i]!, by: Math.abs(Math.log(result.seconds / before[i]!.seconds)) }))
    .filter(({ result, old, by }) => by > MIN_MOVE || result.bottleneck !== old.bottleneck)
    .sort((x, y) => y.by - x.by);
  const line = ({ result, old }: (typeof moved)[number]) => {
    const change = (figure: (r: LayerResult) => string) => `${figure(old)} -> ${figure(result)}`;
    const binds = old.bottleneck === result.bottleneck ? result.bottleneck : change((r) => r.bottleneck);
    const dram = change((r) => showBytes(dramBytes(r.traffic)));
    return `  ${nameOf(result)}: ${change((r) => showNumber(r.seconds / MILLI))} ms, DRAM ${dram}, ${binds}`;
  };
  const more = moved.length > SHOWN_MOVES ? [`  and ${moved.length - SHOWN_MOVES} more`] : [];
  return [
    `without the change ${showNumber(was.time_ms)} ms: ${showNumber(was.time_ms / is.time_ms)} times as fast now`,
    ...(moved.length > 0
      ? ['what moved most:', ...moved.slice(0, SHOWN_MOVES).map(line), ...more]
      : ['no layer moved by 0.1% or is bound by something else']),
  ].join('\n');
}

export function renderExplanation(explanation: Explanation): string {
  const { gpu, network, batch, pass, model, set, layers, before, costs, reasons } = explanation;
  const total = totals(layers, batch);
  const shares = zeroPerBottleneck();
  for (const result of layers)
    shares[result.bottleneck] += (result.layer.count * result.seconds) / MILLI / total.time_ms;
  const training = pass === 'training';
  const rows = layers.map((result) => {
    const used = utilizationOf(result);
    return [
      shortName(result.layer.name, training ? 14 : 24),
      ...(training ? [SHORT_PASS[result.pass]] : []),
      String(result.layer.count),
      result.tile.name,
      showNumber(result.tiling.ctas),
      showNumber(result.seconds / MILLI),
      percent((result.layer.count * result.seconds) / MILLI / total.time_ms),
      result.bottleneck,
      ...STREAMS.map((stream) => percent(used[stream])),
    ];
  });
  const table = renderTable(
    [
      { heading: '\nlayer', align: 'left' },
      ...(training ? [{ heading: '\npass', align: 'left' as const }] : []),
      { heading: '\nx' },
      { heading: 'CTA\ntile' },
      { heading: '\nCTAs' },
      { heading: 'one\nms' },
      { heading: 'all\n%' },
      { heading: 'bound\nby', align: 'left' },
      ...STREAMS.map((stream, i) => ({ heading: `${['busy', '%'][i] ?? ''}\n${STREAM_HEADINGS[stream]}` })),
    ],
    rows,
  );
  const changes = Object.entries(set).map(([axis, value]) => `${axis}=${value}`);
  const tflops = showNumber(total.flops / (total.time_ms * MILLI) / TERA);
  return [
    wrap(
      `${workloadName({ network, batch, pass })}, on ${gpu}${changes.length > 0 ? ` with ${changes.join(', ')}` : ''} (model ${model})`,
    ),
    '',
    table,
    '',
    `total ${showNumber(total.time_ms)} ms, ${showNumber(total.images_per_s)} images/s, ${tflops} TFLOP/s`,
    `time by what binds: ${showShares(shares, BOTTLENECKS.length)}`,
    ...(costs && !('unknown' in costs) ? [renderCosts(costs)] : []),
    ...(reasons ? ['', renderReasons(reasons.reasons, reasons.gpu)] : []),
    ...(before ? ['', whatMoved(before, layers, pass, batch)] : []),
    ...notesOn(explanation).map((text) => wrap(`note: ${text}`)),
  ].join('\n');
}
