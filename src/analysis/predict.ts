/** Predictions for measured layers, by a model or by the roofline. */
import { evaluateLayer } from '../model/evaluate.js';
import type { Gpu } from '../model/gpu.js';
import type { Layer, LayerPass } from '../model/layer.js';
import type { Tile } from '../model/tile.js';
import { rooflineSeconds } from '../model/roofline.js';
import type { Comparison } from './validation.js';

/** A layer with its measured time. */
export interface Measurement {
  line: number;
  layer: Layer;
  batch: number;
  algorithm: string;
  /** The tile that ran, where it is known. */
  tile?: Tile;
  seconds: number;
}

/** A measured row with its prediction; seconds. */
export interface Prediction extends Comparison {
  measurement: Measurement;
  bottleneck: string;
}

/** What can predict: a model, or the roofline that every model has to beat. */
export type Predictor = string;

/** Predicts every measured layer that fits the GPU. */
export function predictAll(
  measurements: readonly Measurement[],
  gpu: Gpu,
  pass: LayerPass,
  predictor: Predictor,
): Prediction[] {
  return measurements.flatMap((measurement): Prediction[] => {
    const { layer, batch, tile, seconds: measured } = measurement;
    if (predictor === 'roofline')
      return [{ measurement, predicted: rooflineSeconds(gpu, layer, batch, pass), measured, bottleneck: '-' }];
    const result = evaluateLayer(tile ? { ...gpu, ctaTile: tile } : gpu, layer, batch, pass, predictor);
    if ('infeasible' in result) return [];
    return [{ measurement, predicted: result.seconds, measured, bottleneck: result.bottleneck }];
  });
}

/** Text that is equal for equal shapes, so that rows of two files can be paired. */
function shapeKey({ layer, batch }: Measurement): string {
  return JSON.stringify([batch, { ...layer, name: '' }]);
}

/**
 * Speed-up from the first GPU to the second, row by row, for the shapes that both files measured. The n-th row of a
 * shape in one file pairs with the n-th in the other.
 */
export function speedups(first: readonly Prediction[], second: readonly Prediction[]): Prediction[] {
  const waiting = new Map<string, Prediction[]>();
  for (const row of second) {
    const key = shapeKey(row.measurement);
    waiting.set(key, [...(waiting.get(key) ?? []), row]);
  }
  return first.flatMap((row) => {
    const other = waiting.get(shapeKey(row.measurement))?.shift();
    if (!other) return [];
    return [{ ...row, predicted: row.predicted / other.predicted, measured: row.measured / other.measured }];
  });
}
