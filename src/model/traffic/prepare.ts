import type { Layer } from '../layer.js';
import type { Tile } from '../tile.js';
import { ifmapFootprint, type Footprint } from './footprint.js';
import { haloLags } from './halo.js';
import { filterLoads, ifmapRequests, type FilterLoads } from './requests.js';
import { ifmapReuse, type IfmapReuse } from './reuse.js';
import { tileLayer, type TiledLayer } from './tiled-layer.js';

/** What the IFmap's traffic of a layer depends on, whatever the filters' number and the GPU. */
export interface PreparedIfmap {
  /** IFmap requests at L1 of one CTA column. */
  ifmapRequests: number;
  footprint: Footprint;
  reuse: IfmapReuse;
  /** K-blocks between the loads of input rows by neighbouring tiles: the share of each lag. */
  haloLags: readonly number[];
}

/** What the traffic of a layer depends on, whatever the GPU: one group, in sectors and lines. */
export interface PreparedTraffic extends PreparedIfmap {
  layer: TiledLayer;
  filter: FilterLoads;
}

/** Everything about a layer and a tile that no SM count, occupancy or cache size changes (docs/model.md, 10.2: P1 to P5). */
export function prepareTraffic(layer: Layer, batch: number, tile: Tile): PreparedTraffic {
  const tiled = tileLayer(layer, batch, tile);
  const { ifmapRequests, footprint, reuse, haloLags } = rememberedIfmap(tiled);
  return { layer: tiled, ifmapRequests, filter: filterLoads(tiled), footprint, reuse, haloLags };
}

function prepareIfmap(layer: TiledLayer): PreparedIfmap {
  const requests = ifmapRequests(layer);
  const footprint = ifmapFootprint(layer);
  return {
    ifmapRequests: requests,
    footprint,
    reuse: ifmapReuse(layer, requests),
    haloLags: haloLags(layer),
  };
}

/** IFmaps kept, some KiB each; then it starts anew. More than any network has layers. */
const MAX_REMEMBERED = 256;
const known = new Map<string, PreparedIfmap>();

/**
 * Prepares an IFmap once for all layers that read it alike: the branches of a module, and one layer in tiles that differ in
 * blkN only. The replay of P4 is most of the time that a first answer takes.
 */
function rememberedIfmap(layer: TiledLayer): PreparedIfmap {
  const { batch, channels, inHeight, inWidth, filterHeight, filterWidth } = layer;
  const { strideHeight, strideWidth, padHeight, padWidth, tileM, tileK } = layer;
  const key = [
    ...[batch, channels, inHeight, inWidth, filterHeight, filterWidth],
    ...[strideHeight, strideWidth, padHeight, padWidth, tileM, tileK],
  ].join(' ');
  let ifmap = known.get(key);
  if (!ifmap) {
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, (ifmap = prepareIfmap(layer)));
  }
  return ifmap;
}
