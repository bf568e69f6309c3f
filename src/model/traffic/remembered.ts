/** Remembers traffic: layers are prepared once, and designs that differ only in rates share their bytes. */
import type { Layer } from '../layer.js';
import type { Tile } from '../tile.js';
import { dramTraffic, l2Traffic, type CacheDesign } from './capacity.js';
import type { L1Misses } from './l1-misses.js';
import { prepareTraffic, type PreparedTraffic } from './prepare.js';
import type { Traffic } from './traffic.js';

/** Answers kept for a layer and tile, per stage; beyond it the oldest go. */
const MAX_REMEMBERED = 512;

/** A map that forgets its oldest entry when it is full. */
class BoundedMap<V> {
  private readonly entries = new Map<string, V>();

  /** The value of a key, made where it is missing. */
  get(key: string, make: () => V): V {
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const value = make();
    if (this.entries.size >= MAX_REMEMBERED) this.entries.delete(this.entries.keys().next().value!);
    this.entries.set(key, value);
    return value;
  }
}

/** Traffic of one layer in one tile, on any design. */
class LayerTraffic {
  private readonly prepared: PreparedTraffic;
  private readonly l1Misses = new BoundedMap<{ misses: L1Misses; byL2: BoundedMap<Traffic> }>();

  constructor(layer: Layer, batch: number, tile: Tile) {
    this.prepared = prepareTraffic(layer, batch, tile);
  }

  on(design: CacheDesign): Traffic {
    const { smCount, activeCtas, l1Bytes, l2Bytes } = design;
    const stage = this.l1Misses.get(`${smCount} ${activeCtas} ${l1Bytes}`, () => ({
      misses: l2Traffic(this.prepared, design),
      byL2: new BoundedMap(),
    }));
    return stage.byL2.get(String(l2Bytes), () => dramTraffic(this.prepared, stage.misses, l2Bytes));
  }
}

/** By layer object, then by batch and tile: gone with the layer. */
const known = new WeakMap<Layer, Map<string, LayerTraffic>>();

/** Bytes that a layer moves on a design, as `capacityTraffic` has them, remembered. */
export function rememberedTraffic(layer: Layer, batch: number, tile: Tile, design: CacheDesign): Traffic {
  let ofLayer = known.get(layer);
  if (!ofLayer) known.set(layer, (ofLayer = new Map<string, LayerTraffic>()));
  const key = `${batch} ${tile.name}`;
  let traffic = ofLayer.get(key);
  if (!traffic) ofLayer.set(key, (traffic = new LayerTraffic(layer, batch, tile)));
  return traffic.on(design);
}
