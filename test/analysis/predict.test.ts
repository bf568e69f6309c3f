import { describe, expect, it } from '@jest/globals';
import { predictAll, speedups, type Measurement, type Prediction } from '../../src/analysis/predict.js';
import { evaluateLayer } from '../../src/model/evaluate.js';
import { makeTile } from '../../src/model/tile.js';
import { rooflineSeconds } from '../../src/model/roofline.js';
import { roundGpu, squareLayer } from '../fixtures/model.js';

type Shape = Parameters<typeof squareLayer>[0];

const measurementOf = (line: number, shape: Shape = {}, batch = 8, seconds = 1): Measurement => ({
  ...{ line, layer: squareLayer({ name: `line ${line}`, ...shape }), batch, algorithm: 'IMPLICIT_GEMM', seconds },
});

const predictionOf = (measurement: Measurement, predicted: number): Prediction => ({
  ...{ measurement, predicted, measured: measurement.seconds, bottleneck: 'dram' },
});

describe('predictions of measured layers', () => {
  const rows = [measurementOf(2, {}, 8, 0.5), measurementOf(3, { size: 28, filter: 3, stride: 2 }, 4, 0.25)];

  it.each(['delta', 'delta-2019'] as const)('are those of the model %s', (model) => {
    const predictions = predictAll(rows, roundGpu(), 'forward', model);
    expect(predictions.map(({ measurement }) => measurement)).toEqual(rows);
    expect(predictions.map(({ measured }) => measured)).toEqual([0.5, 0.25]);
    predictions.forEach(({ predicted, bottleneck, measurement: { layer, batch } }) =>
      expect(evaluateLayer(roundGpu(), layer, batch, 'forward', model)).toMatchObject({
        ...{ seconds: predicted, bottleneck },
      }),
    );
  });

  it('are those of the roofline, which names no bottleneck', () => {
    const predictions = predictAll(rows, roundGpu(), 'backward-filter', 'roofline');
    expect(predictions.map(({ predicted }) => predicted)).toEqual(
      rows.map(({ layer, batch }) => rooflineSeconds(roundGpu(), layer, batch, 'backward-filter')),
    );
    expect(predictions.map(({ bottleneck }) => bottleneck)).toEqual(['-', '-']);
  });

  it('are of the pass that is asked for', () => {
    const timeOf = (pass: 'forward' | 'backward-data') => predictAll(rows, roundGpu(), pass, 'delta')[1]!.predicted;
    expect(timeOf('backward-data')).toBeGreaterThan(1.5 * timeOf('forward')); // four times the pixels, zeros multiplied
  });

  it('leave out the layers that do not fit', () => {
    // 128x64x4 needs 6 KiB of shared memory and 128x32x4 5: with 5.5 both fit, as the narrow one; of an explicit tile none
    const narrow = roundGpu({ smem_kib: 5.5 });
    expect(predictAll(rows, narrow, 'forward', 'delta-2019')).toHaveLength(2);
    expect(predictAll(rows, narrow, 'forward', 'delta')).toEqual([]); // 128x32x8 needs 10
    const explicit = { ...narrow, ctaTile: makeTile(128, 64, 4) };
    expect(predictAll(rows, explicit, 'forward', 'delta-2019')).toEqual([]);
    expect(predictAll(rows, explicit, 'forward', 'roofline')).toHaveLength(2);
  });
});

describe('speed-ups', () => {
  it('are ratios of the first to the second, predicted and measured', () => {
    const [row] = speedups(
      [predictionOf(measurementOf(2, {}, 8, 6), 8)],
      [predictionOf(measurementOf(9, {}, 8, 3), 2)],
    );
    expect(row).toMatchObject({ predicted: 4, measured: 2, bottleneck: 'dram', measurement: { line: 2 } });
  });

  it('pair equal shapes wherever they are, and leave out the rest', () => {
    const shapes: Shape[] = [{ size: 7 }, { filter: 3 }, { stride: 2 }, { padWidth: 1 }];
    const first = shapes.map((shape, i) => predictionOf(measurementOf(i + 2, shape), 100 + i));
    const second = [3, 1, 0].map((i) => predictionOf(measurementOf(50 + i, shapes[i]), 10));
    const rows = speedups(first, second);
    expect(rows.map(({ measurement, predicted }) => [measurement.line, predicted])).toEqual([
      [2, 10],
      [3, 10.1],
      [5, 10.3],
    ]);
  });

  it('tell batches apart, and not names or algorithms', () => {
    const other = { ...measurementOf(2, { name: 'other' }), algorithm: 'IMPLICIT_PRECOMP_GEMM' };
    expect(speedups([predictionOf(measurementOf(2), 1)], [predictionOf(other, 1)])).toHaveLength(1);
    expect(speedups([predictionOf(measurementOf(2), 1)], [predictionOf(measurementOf(2, {}, 9), 1)])).toEqual([]);
  });

  it('pair the n-th row of a shape with the n-th, and use each once', () => {
    const timesOf = (times: number[]) => times.map((time, i) => predictionOf(measurementOf(i, {}, 8, time), time));
    const between = predictionOf(measurementOf(99, { size: 5 }), 1);
    const [a, b, c] = timesOf([2, 6, 9]) as [Prediction, Prediction, Prediction];
    const rows = speedups([a, between, b, c], [...timesOf([1, 2]), between]);
    expect(rows.map(({ measured }) => measured)).toEqual([2, 1, 3]);
    expect(rows.map(({ measurement: { line } }) => line)).toEqual([0, 99, 1]);
  });

  it('leave what they compare alone', () => {
    const first = [predictionOf(measurementOf(2, {}, 8, 4), 4)];
    const second = [predictionOf(measurementOf(2, {}, 8, 2), 2)];
    speedups(first, second);
    expect(speedups(first, second)[0]).toMatchObject({ predicted: 2, measured: 2 });
    expect(first[0]!.predicted).toBe(4);
  });
});
