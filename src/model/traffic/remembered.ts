/** Remembers traffic: layers are prepared once, and designs that differ only in rates share their bytes. */
import type { Layer } from '../layer.js';
import type { Tile } from '../tile.js';
import { aboveL2, trafficWith, type AboveL2, type CacheDesign } from './capacity.js';
import { prepareTraffic, type PreparedTraffic } from './prepare.js';
import type { Traffic } from './traffic.js';

/** What may be remembered of a layer and tile; then it starts anew. About 5,000 designs: some 100 MiB for 50 layers. */
const MAX_BYTES = 2 * 1024 ** 2;

/** Bytes, roughly, of what no size of L2 changes and of the traffic of an L2, with their places in the maps. */
const STAGE_BYTES = 6000;
const ANSWER_BYTES = 350;

/** L2 sizes remembered of one L1 stage, so that a fine sweep of L2 does not push out all other stages. */
const MAX_L2_SIZES = 512;

/** What depends on SM count, occupancy and L1; and the traffic that follows, by L2 size. */
interface Stage {
  above: AboveL2;
  byL2: Map<number, Traffic>;
}

/** The value of a key, made where it is missing. */
function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

const emptyMap = <K, V>(): Map<K, V> => new Map<K, V>();

/** Traffic of one layer in one tile, on any design. */
class LayerTraffic {
  private readonly prepared: PreparedTraffic;
  /** By SM count, CTAs of an SM and L1 size. */
  private readonly stages = new Map<number, Map<number, Map<number, Stage>>>();
  private bytes = 0;

  constructor(layer: Layer, batch: number, tile: Tile) {
    this.prepared = prepareTraffic(layer, batch, tile);
  }

  on(design: CacheDesign): Traffic {
    const known = this.stages.get(design.smCount)?.get(design.activeCtas)?.get(design.l1Bytes);
    const traffic = known?.byL2.get(design.l2Bytes);
    if (traffic) return traffic;
    if (this.bytes > MAX_BYTES) this.forget();
    return this.answer(this.stageOf(design), design.l2Bytes);
  }

  private stageOf(design: CacheDesign): Stage {
    const byActive = entry(this.stages, design.smCount, emptyMap<number, Map<number, Stage>>);
    const byL1 = entry(byActive, design.activeCtas, emptyMap<number, Stage>);
    return entry(byL1, design.l1Bytes, () => {
      this.bytes += STAGE_BYTES;
      return { above: aboveL2(this.prepared, design), byL2: new Map() };
    });
  }

  private answer({ above, byL2 }: Stage, l2Bytes: number): Traffic {
    if (byL2.size >= MAX_L2_SIZES) {
      this.bytes -= byL2.size * ANSWER_BYTES;
      byL2.clear();
    }
    const traffic = trafficWith(this.prepared, above, l2Bytes);
    byL2.set(l2Bytes, traffic);
    this.bytes += ANSWER_BYTES;
    return traffic;
  }

  private forget(): void {
    this.stages.clear();
    this.bytes = 0;
  }
}

/** By layer object, then by batch and tile: gone with the layer. */
const known = new WeakMap<Layer, Map<number, Map<string, LayerTraffic>>>();

/** Bytes that a layer moves on a design, as `capacityTraffic` has them, remembered. */
export function rememberedTraffic(layer: Layer, batch: number, tile: Tile, design: CacheDesign): Traffic {
  const traffic = known.get(layer)?.get(batch)?.get(tile.name);
  return (traffic ?? prepareLayer(layer, batch, tile)).on(design);
}

function prepareLayer(layer: Layer, batch: number, tile: Tile): LayerTraffic {
  let byBatch = known.get(layer);
  if (!byBatch) known.set(layer, (byBatch = new Map<number, Map<string, LayerTraffic>>()));
  const traffic = new LayerTraffic(layer, batch, tile);
  entry(byBatch, batch, emptyMap<string, LayerTraffic>).set(tile.name, traffic);
  return traffic;
}
