/** Where a model has not been held against measurements, or fares badly: said wherever its figures are shown (docs/model.md, 13.3). */
import type { LayerPass, Pass } from './layer.js';
import type { LayerResult } from './layer-model.js';

/** Errors of forward passes on measured GPUs: the larger GMAE of TITAN Xp and V100 (docs/accuracy.md, time against measured GPUs). */
const FORWARD_ERROR: Readonly<Record<string, number>> = { delta: 0.08, 'delta-2019': 0.322 };

/** How far a model's times of a pass are off where measured, as a fraction; undefined where no measurement says. */
export function validatedError(model: string, pass: Pass): number | undefined {
  return pass === 'forward' ? FORWARD_ERROR[model] : undefined;
}

/** What is known of a backward pass of a layer, in words; undefined for forward passes. */
function passNote(result: LayerResult): string | undefined {
  const { pass, layer } = result;
  const pointwise = layer.filterHeight * layer.filterWidth === 1;
  const strided = layer.strideHeight * layer.strideWidth > 1;
  const notes: Record<LayerPass, string | undefined> = {
    forward: undefined,
    'backward-data': !pointwise
      ? 'backward-data of multi-tap filters: no validated prediction, libraries run other algorithms'
      : strided
        ? 'backward-data of strided 1x1 filters: 33 to 46% off where measured'
        : 'backward-data of 1x1 filters: 8 to 11% off where measured',
    'backward-filter': 'backward-filter: 30 to 65% off where measured',
  };
  return notes[pass];
}

/** Notes on some layers' figures, each once. */
export function validityNotes(results: readonly LayerResult[]): string[] {
  return [...new Set(results.map(passNote).filter((note) => note !== undefined))];
}
