/** Bounds of the time of `delta-2019`, by its plain path: no rate of it makes anything longer as it grows (docs/model.md, 16.1 and 16.2). */
import type { Gpu } from '../gpu.js';
import type { LayerModel } from '../layer-model.js';
import type { Workload } from '../layer.js';
import { AT, setRates } from '../rates.js';
import type { TimeBounds } from '../time-bounds.js';
import { sumLayers } from '../workload-result.js';

/** @returns undefined where the design cannot run */
export function bounds2019(
  { prepare, evaluate }: Pick<LayerModel, 'prepare' | 'evaluate'>,
  design: Gpu,
  { network, batch }: Workload,
): TimeBounds | undefined {
  const gpu = { ...design };
  const layers: object[] = [];
  for (const layer of network.layers) {
    const prepared = prepare(gpu, layer, batch, 'forward');
    if ('infeasible' in prepared) return undefined;
    layers.push(prepared);
  }
  const evaluateAt = (rates: Float64Array, latencies: Float64Array) => {
    setRates(gpu, rates);
    for (const field of ['l1LatencyS', 'l2LatencyS', 'dramLatencyS'] as const) gpu[field] = latencies[AT[field]]!;
    return sumLayers(
      layers.map((prepared) => evaluate(prepared, gpu)),
      batch,
    );
  };
  const result = sumLayers(
    layers.map((prepared) => evaluate(prepared, gpu)),
    batch,
  );
  const work = { least: result, most: result };
  return {
    work,
    workAt: () => work,
    leastSeconds: ({ least, most }) => evaluateAt(most, least).seconds,
    tangentAt(point, { least }, slopes) {
      const { seconds, elastic } = evaluateAt(point, least);
      slopes[AT.clockHz] = slopes[AT.macsPerClk] = elastic.compute / seconds;
      slopes[AT.macsPerInstr] = slopes[AT.issuePerClk] = 0;
      slopes[AT.smemBytesPerS] = elastic.smem / seconds;
      slopes[AT.l1BytesPerS] = elastic.l1 / seconds;
      slopes[AT.l2BytesPerS] = elastic.l2 / seconds;
      slopes[AT.dramBytesPerS] = elastic.dram / seconds;
      return seconds;
    },
  };
}
