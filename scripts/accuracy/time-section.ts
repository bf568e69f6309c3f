/** Predicted against measured times. */
import { predictAll, speedups, type Prediction, type Predictor } from '../../src/analysis/predict.js';
import { errorStatistics, type ErrorStatistics } from '../../src/analysis/validation.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { loadMeasured } from '../../src/space/files/measured-file.js';
import { toGpu } from '../../src/model/gpu.js';
import type { LayerPass } from '../../src/model/layer.js';
import { markdownTable, percent } from '../markdown.js';

/** Times measured on a GPU. */
export interface MeasuredFile {
  gpu: string;
  path: string;
}

/** What a call costs in a benchmark that times single calls in a loop. */
const CALL_OVERHEAD_US = 16;

const HEADINGS = ['', 'model', 'rows', 'GMAE', 'median', '90% below', 'worst', 'bias', 'rank correlation'];

function cells(label: string, predictor: string, statistics: ErrorStatistics): string[] {
  const { n, gmae, median_abs_error, p90_abs_error, max_abs_error, bias, spearman } = statistics;
  const errors = [gmae, median_abs_error, p90_abs_error, max_abs_error].map((value) => percent(value));
  return [label, predictor, String(n), ...errors, bias.toFixed(2), spearman.toFixed(3)];
}

function predictions(
  { gpu, path }: MeasuredFile,
  pass: LayerPass,
  algorithm: RegExp,
  predictor: Predictor,
): Prediction[] {
  const spec = { ...loadGpu(gpu), call_overhead_us: CALL_OVERHEAD_US };
  return predictAll(loadMeasured(path, pass, algorithm).layers, toGpu(spec), pass, predictor);
}

const IMPLICIT = /IMPLICIT/;
const ANY = /^/;

function forwardRows(files: readonly MeasuredFile[]): string[][] {
  return files.flatMap((file) =>
    (['delta', 'delta-2019', 'roofline'] as const).map((predictor) =>
      cells(file.gpu, predictor, errorStatistics(predictions(file, 'forward', IMPLICIT, predictor))),
    ),
  );
}

function speedupRows(files: readonly MeasuredFile[]): string[][] {
  const pairs = files.flatMap((first, i) => files.slice(i + 1).map((second) => [first, second] as const));
  return pairs.flatMap(([first, second]) =>
    (['delta', 'delta-2019', 'roofline'] as const).map((predictor) => {
      const [a, b] = [first, second].map((file) => predictions(file, 'forward', IMPLICIT, predictor)) as [
        Prediction[],
        Prediction[],
      ];
      return cells(`${first.gpu} to ${second.gpu}`, predictor, errorStatistics(speedups(a, b)));
    }),
  );
}

/** Kinds of layers whose backward passes fare differently. */
const KINDS: { name: string; holds: (row: Prediction) => boolean }[] = [
  { name: '1x1, stride 1', holds: (row) => taps(row) === 1 && strides(row) === 1 },
  { name: '1x1, strided', holds: (row) => taps(row) === 1 && strides(row) > 1 },
  { name: 'several taps', holds: (row) => taps(row) > 1 },
];
const taps = ({ measurement: { layer } }: Prediction) => layer.filterHeight * layer.filterWidth;
const strides = ({ measurement: { layer } }: Prediction) => layer.strideHeight * layer.strideWidth;

function backwardRows(files: readonly MeasuredFile[]): string[][] {
  return files.flatMap((file) =>
    (['backward-data', 'backward-filter'] as const).flatMap((pass) => {
      let rows: Prediction[];
      try {
        rows = predictions(file, pass, ANY, 'delta');
      } catch {
        return []; // the file has no times of this pass
      }
      return KINDS.flatMap(({ name, holds }) => {
        const kind = rows.filter(holds);
        return kind.length > 0 ? [cells(`${file.gpu}, ${pass}, ${name}`, 'delta', errorStatistics(kind))] : [];
      });
    }),
  );
}

/** The sections on time. */
export function renderTimes(files: readonly MeasuredFile[]): string {
  const speed = speedupRows(files);
  const backward = backwardRows(files);
  return [
    '## Time against measured GPUs',
    '',
    'The forward pass of the convolutions of a published benchmark, those that the library ran as implicit GEMM; 16 us a call. The',
    'constants of [model.md](model.md), 11.6, were fitted on TITAN Xp and V100: a model is only as good as it is on GPUs that it was not fitted on.',
    '',
    markdownTable(HEADINGS, forwardRows(files)),
    ...(speed.length > 0
      ? [
          '',
          '### Speed-up between GPUs',
          '',
          'Layer by layer, predicted against measured:',
          '',
          markdownTable(HEADINGS, speed),
        ]
      : []),
    ...(backward.length > 0
      ? [
          '',
          '### Backward passes',
          '',
          'All algorithms: which one the library ran was not recorded, and for filters with several taps it mostly was another one.',
          '',
          markdownTable(HEADINGS, backward),
        ]
      : []),
  ].join('\n');
}
