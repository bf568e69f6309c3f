/** The data of the page's script: designs, and their places on the axes of parallel coordinates. */
import { BOTTLENECKS, STREAMS } from '../../model/bottleneck.js';
import { baselineValue } from '../../model/gpu.js';
import { shareName } from '../../model/metrics.js';
import type { LayerResult } from '../../model/layer-model.js';
import { utilizationOf } from '../../model/workload-result.js';
import { describeAxis } from '../../model/resources.js';
import { MILLI } from '../../model/units.js';
import { layerPasses } from '../../model/layer.js';
import { OPTION } from '../../space/columns.js';
import { sweptAxes, type Study } from '../../space/study.js';
import { figureOf, type DesignRow } from '../../study/report-data/design-row.js';
import { metricUnit } from '../charts/quantities.js';
import { metricName } from '../../study/report-data/metric-names.js';
import { designsOf, paretoAxes, parallelData } from './charts.js';
import type { PanelContext, PanelDesign } from './panel.js';
import type { WorkloadReport } from '../../study/report-data/report-data.js';

export interface PageWorkload {
  context: PanelContext;
  designs: PanelDesign[];
  /** The ids of the front, in the order of the x axis. */
  front: number[];
  /** The design that is pinned when the page opens. */
  pinned: number | undefined;
  parallel: {
    axes: { label: string; unit: string; ticks: { at: number; text: string }[] }[];
    /** By id: the place on each axis in thousandths, null if it has none. */
    at: Record<string, (number | null)[]>;
  };
}

export interface PageData {
  workloads: PageWorkload[];
}

/** The metrics that the panel shows besides the objectives. */
const PANEL_METRICS = ['time_ms', 'speedup', 'area_mm2', 'balance', 'tflops', 'energy_j', 'power_w', 'dram_gb'];

const metricsOf = ({ objectives }: Study) => [
  ...new Set([...objectives.map(({ metric }) => metric), ...PANEL_METRICS]),
];

const rounded = (value: number, digits = 5) => Number(value.toPrecision(digits));
const figure = (value: number) => (Number.isFinite(value) ? rounded(value) : null);

export function contextOf(study: Study, w: number): PanelContext {
  const { network, pass } = study.workloads[w]!;
  return {
    axes: sweptAxes(study).map(({ id }) => {
      const { label, unit } = describeAxis(id);
      return { label, unit, base: baselineValue(study.baseline, id) };
    }),
    metrics: metricsOf(study).map((metric) => ({ label: metricName(metric), unit: metricUnit(metric) })),
    layers: network.layers.flatMap(({ name, count }, position) =>
      layerPasses(pass, position).map((one) => ({ name: pass === 'training' ? `${name}, ${one}` : name, count })),
    ),
  };
}

const layerLine = (result: LayerResult): number[] => {
  const used = utilizationOf(result);
  return [
    rounded(result.seconds / MILLI),
    BOTTLENECKS.indexOf(result.bottleneck),
    ...STREAMS.map((stream) => Number(used[stream].toFixed(2))),
  ];
};

/** A design as the panel shows it. */
export function panelDesign(study: Study, { marked, front, layers }: WorkloadReport, design: DesignRow): PanelDesign {
  const ofLayers = layers.get(design.id);
  return {
    id: design.id,
    names: [
      ...(study.options && OPTION.name in design ? [String(design[OPTION.name])] : []),
      ...(marked.find((other) => other.design.id === design.id)?.names ?? []),
    ],
    onFront: front.some(({ id }) => id === design.id),
    axes: sweptAxes(study).map(({ id }) => design[id] as number | string),
    metrics: metricsOf(study).map((metric) => figure(figureOf(design, metric))),
    shares: BOTTLENECKS.map((name) => Number(figureOf(design, shareName(name)).toFixed(3))),
    ...(ofLayers ? { layers: ofLayers.map(layerLine) } : {}),
  };
}

/** The design that is pinned when the page opens. */
export const pinnedOf = ({ balanced, front }: WorkloadReport): DesignRow | undefined => balanced?.design ?? front[0];

export function pageWorkload(study: Study, report: WorkloadReport, w: number): PageWorkload {
  const { x } = paretoAxes(study);
  const across = [...report.front].sort((a, b) => figureOf(a, x.metric) - figureOf(b, x.metric));
  const all = designsOf(report);
  const { axes } = parallelData(study, report);
  const place = (at: number) => (Number.isFinite(at) ? Math.round(1000 * at) : null);
  return {
    context: contextOf(study, w),
    designs: all.map((design) => panelDesign(study, report, design)),
    front: across.map(({ id }) => id),
    pinned: pinnedOf(report)?.id,
    parallel: {
      axes: axes.map(({ label, unit, ticks }) => ({
        ...{ label, unit },
        ticks: ticks.map(({ at, text }) => ({ at: Number(at.toFixed(3)), text })),
      })),
      at: Object.fromEntries(all.map((design) => [design.id, axes.map(({ at }) => place(at(design)))])),
    },
  };
}
