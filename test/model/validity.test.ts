/** What is said of figures that were not held against measurements (docs/model.md, 13.3). */
import { describe, expect, it } from '@jest/globals';
import { evaluateLayer } from '../../src/model/evaluate.js';
import type { LayerResult } from '../../src/model/layer-model.js';
import type { LayerPass } from '../../src/model/layer.js';
import { validityNotes } from '../../src/model/validity.js';
import { roundGpu, squareLayer } from '../fixtures/model.js';

const POINTWISE = 'backward-data of 1x1 filters: 8 to 11% off where measured';
const STRIDED = 'backward-data of strided 1x1 filters: 33 to 46% off where measured';
const SEVERAL_TAPS = 'backward-data of multi-tap filters: no validated prediction, libraries run other algorithms';
const FILTER = 'backward-filter: 30 to 65% off where measured';

function resultOf(pass: LayerPass, shape: Parameters<typeof squareLayer>[0] = {}): LayerResult {
  const result = evaluateLayer(roundGpu(), squareLayer(shape), 1, pass, 'delta');
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}

describe('what is known of a pass', () => {
  it.each<[LayerPass, Parameters<typeof squareLayer>[0], string[]]>([
    ['forward', {}, []],
    ['forward', { filter: 3, stride: 2 }, []],
    ['backward-data', {}, [POINTWISE]],
    ['backward-data', { stride: 2 }, [STRIDED]],
    ['backward-data', { strideWidth: 2 }, [STRIDED]],
    ['backward-data', { filter: 3, pad: 1 }, [SEVERAL_TAPS]],
    ['backward-data', { filter: 3, stride: 2 }, [SEVERAL_TAPS]],
    ['backward-data', { filterHeight: 3 }, [SEVERAL_TAPS]],
    ['backward-filter', {}, [FILTER]],
    ['backward-filter', { filter: 3, stride: 2 }, [FILTER]],
  ])('of %s with %j is %j', (pass, shape, notes) => expect(validityNotes([resultOf(pass, shape)])).toEqual(notes));

  it('is said once, in the order in which it comes up', () => {
    const results = [
      resultOf('forward'),
      resultOf('backward-filter'),
      resultOf('backward-data', { filter: 3 }),
      resultOf('backward-filter', { filter: 3 }),
      resultOf('backward-data'),
      resultOf('backward-data', { filter: 5 }),
    ];
    expect(validityNotes(results)).toEqual([FILTER, SEVERAL_TAPS, POINTWISE]);
    expect(validityNotes([])).toEqual([]);
  });
});
