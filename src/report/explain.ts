/** One design, layer by layer: as the contract's JSON, and as a table. */
import { BOTTLENECKS, zeroPerBottleneck, type Bottleneck } from '../model/bottleneck.js';
import { utilizationOf, type LayerResult } from '../model/evaluate.js';
import type { Pass } from '../model/layer.js';
import { MILLI, showNumber, showPercent, TERA } from '../model/units.js';
import { renderTable } from './table.js';

export interface Explanation {
  gpu: string;
  network: string;
  batch: number;
  pass: Pass;
  model: string;
  /** Axes that were set by hand. */
  set: Record<string, number | string>;
  layers: readonly LayerResult[];
}

function layerJson(result: LayerResult, pass: Pass) {
  const { m, n, k } = result.gemm;
  return {
    name: result.layer.name,
    pass,
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
  };
}

function totals(explanation: Explanation) {
  const sum = (figure: (result: LayerResult) => number) =>
    explanation.layers.reduce((total, result) => total + result.layer.count * figure(result), 0);
  const seconds = sum((result) => result.seconds);
  return { time_ms: seconds / MILLI, flops: sum(({ flops }) => flops), images_per_s: explanation.batch / seconds };
}

/** The contract's `explain --json`. */
export function explainJson(explanation: Explanation) {
  const { gpu, network, batch, pass, model, set, layers } = explanation;
  return {
    ...{ gpu, network, batch, pass, model },
    ...(Object.keys(set).length > 0 ? { set } : {}),
    layers: layers.map((result) => layerJson(result, pass)),
    total: totals(explanation),
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

export function renderExplanation(explanation: Explanation): string {
  const { gpu, network, batch, pass, model, set, layers } = explanation;
  const total = totals(explanation);
  const shares = zeroPerBottleneck();
  for (const result of layers)
    shares[result.bottleneck] += (result.layer.count * result.seconds) / MILLI / total.time_ms;
  const rows = layers.map((result) => {
    const used = utilizationOf(result);
    return [
      result.layer.name,
      String(result.layer.count),
      result.tile.name,
      showNumber(result.tiling.ctas),
      String(result.activeCtas),
      showNumber(result.seconds / MILLI),
      showPercent((result.layer.count * result.seconds) / MILLI / total.time_ms),
      result.bottleneck,
      ...(['compute', 'smem', 'l1', 'l2', 'dram'] as const).map((stream) => showPercent(used[stream])),
    ];
  });
  const table = renderTable(
    [
      { heading: '\nlayer', align: 'left' },
      { heading: '\ncount' },
      { heading: 'CTA\ntile' },
      { heading: '\nCTAs' },
      { heading: 'per\nSM' },
      { heading: 'one\nms' },
      { heading: 'all\ntime' },
      { heading: 'bound\nby', align: 'left' },
      { heading: 'busy\ncompute' },
      { heading: '\nsmem' },
      { heading: '\nL1' },
      { heading: '\nL2' },
      { heading: '\nDRAM' },
    ],
    rows,
  );
  const changes = Object.entries(set).map(([axis, value]) => `${axis}=${value}`);
  const tflops = showNumber(total.flops / (total.time_ms * MILLI) / TERA);
  return [
    `${network}, batch ${batch}, ${pass}, on ${gpu}${changes.length > 0 ? ` with ${changes.join(', ')}` : ''} (model ${model})`,
    '',
    table,
    '',
    `total ${showNumber(total.time_ms)} ms, ${showNumber(total.images_per_s)} images/s, ${tflops} TFLOP/s`,
    `time by what binds: ${showShares(shares, BOTTLENECKS.length)}`,
  ].join('\n');
}
