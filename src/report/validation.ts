/** A model compared with measurements, as JSON and tables. */
import type { Prediction } from '../analysis/predict.js';
import { errorStatistics, type ErrorStatistics } from '../analysis/validation.js';
import { MILLI, showNumber } from '../model/units.js';
import { renderTable } from './table.js';

/** Predictions beside measurements. */
export interface Validation {
  gpu: string;
  pass: string;
  model: string;
  rows: readonly Prediction[];
  /** Rows that were asked for and have no prediction. */
  leftOut: number;
  /** The other predictors on the same rows. */
  baselines: Record<string, readonly Prediction[]>;
  speedup?: { other_gpu: string; rows: readonly Prediction[]; baselines: Record<string, readonly Prediction[]> };
}

function rowJson({ measurement, predicted, measured, bottleneck }: Prediction, scale: number) {
  const { line, batch, algorithm, layer } = measurement;
  return {
    line,
    batch,
    in_channels: layer.inChannels,
    in_height: layer.inHeight,
    in_width: layer.inWidth,
    out_channels: layer.outChannels,
    filter: [layer.filterHeight, layer.filterWidth],
    padding: [layer.padHeight, layer.padWidth],
    stride: [layer.strideHeight, layer.strideWidth],
    algorithm,
    measured: measured / scale,
    predicted: predicted / scale,
    ratio: predicted / measured,
    bottleneck,
  };
}

/** The statistics of each predictor with at least one prediction. */
function statisticsOf(predictions: Record<string, readonly Prediction[]>): Record<string, ErrorStatistics> {
  const some = Object.entries(predictions).filter(([, rows]) => rows.length > 0);
  return Object.fromEntries(some.map(([name, rows]) => [name, errorStatistics(rows)]));
}

/** The output of `validate --json`; times are in ms. */
export function validationJson({ gpu, pass, model, rows, leftOut, baselines, speedup }: Validation) {
  const { n, ...statistics } = errorStatistics(rows);
  return {
    gpu,
    pass,
    model,
    n,
    left_out: leftOut,
    ...statistics,
    baselines: statisticsOf(baselines),
    rows: rows.map((row) => rowJson(row, MILLI)),
    ...(speedup && {
      speedup: {
        other_gpu: speedup.other_gpu,
        ...errorStatistics(speedup.rows),
        baselines: statisticsOf(speedup.baselines),
        rows: speedup.rows.map((row) => rowJson(row, 1)),
      },
    }),
  };
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)}%`;

/** The error statistics of several predictors, one in each row. */
export function renderStatistics(predictions: Record<string, readonly Prediction[]>): string {
  return renderTable(
    [
      { heading: '\n', align: 'left' },
      { heading: '\nrows' },
      { heading: '\nGMAE' },
      { heading: 'median\nerror' },
      { heading: '90%\nbelow' },
      { heading: '\nworst' },
      { heading: '\nbias' },
      { heading: 'rank\ncorrelation' },
    ],
    Object.entries(statisticsOf(predictions)).map(([name, s]) => [
      name,
      String(s.n),
      ...[s.gmae, s.median_abs_error, s.p90_abs_error, s.max_abs_error].map(percent),
      s.bias.toFixed(2),
      Number.isNaN(s.spearman) ? '-' : s.spearman.toFixed(3),
    ]),
  );
}

/** The rows with the largest errors. */
function renderWorst(rows: readonly Prediction[], most: number): string {
  const wrong = ({ predicted, measured }: Prediction) => Math.abs(Math.log(predicted / measured));
  const worst = [...rows].sort((a, b) => wrong(b) - wrong(a)).slice(0, most);
  return renderTable(
    [
      { heading: 'line' },
      { heading: 'IFmap', align: 'left' },
      { heading: 'Co' },
      { heading: 'filter' },
      { heading: 'stride' },
      { heading: 'measured ms' },
      { heading: 'predicted ms' },
      { heading: 'ratio' },
      { heading: 'bound by', align: 'left' },
    ],
    worst.map(({ measurement: { line, layer, batch }, predicted, measured, bottleneck }) => [
      String(line),
      `${batch} x ${layer.inChannels} x ${layer.inHeight} x ${layer.inWidth}`,
      String(layer.outChannels),
      `${layer.filterHeight}x${layer.filterWidth}`,
      `${layer.strideHeight}x${layer.strideWidth}`,
      showNumber(measured / MILLI),
      showNumber(predicted / MILLI),
      (predicted / measured).toFixed(2),
      bottleneck,
    ]),
  );
}

const SHOWN_WORST = 5;

/** A validation as text. */
export function renderValidation(validation: Validation): string {
  const { gpu, pass, model, rows, baselines, speedup } = validation;
  const sections = [
    `${pass} pass on ${gpu}: predicted against measured time`,
    renderStatistics({ [model]: rows, ...baselines }),
    `farthest off, model ${model}:`,
    renderWorst(rows, SHOWN_WORST),
  ];
  if (speedup)
    sections.push(
      `speed-up from ${gpu} to ${speedup.other_gpu}, layer by layer`,
      renderStatistics({ [model]: speedup.rows, ...speedup.baselines }),
    );
  return sections.join('\n\n');
}
