import type { Layer } from '../layer.js';
import type { Tile } from '../tile.js';
import { ifmapFootprint, type Footprint } from './footprint.js';
import { haloLags } from './halo.js';
import { filterLoads, ifmapRequests, type FilterLoads } from './requests.js';
import { reachedLines } from './reach.js';
import { ifmapReuse, type IfmapReuse } from './reuse.js';
import { tileLayer, type TiledLayer } from './tiled-layer.js';

/** What the traffic of a layer depends on, whatever the GPU: one group, in sectors and lines. */
export interface PreparedTraffic {
  layer: TiledLayer;
  /** IFmap requests at L1 of one CTA column. */
  ifmapRequests: number;
  filter: FilterLoads;
  footprint: Footprint;
  reuse: IfmapReuse;
  /** K-blocks between the loads of input rows by neighbouring tiles: the share of each lag. */
  haloLags: readonly number[];
  /** IFmap lines that all rows of CTAs reach in j k-blocks, by j. */
  reached: Float64Array;
}

/** Everything about a layer and a tile that no SM count, occupancy or cache size changes (docs/model.md, 10.2: P1 to P4, P6, P7). */
export function prepareTraffic(layer: Layer, batch: number, tile: Tile): PreparedTraffic {
  const tiled = tileLayer(layer, batch, tile);
  const requests = ifmapRequests(tiled);
  const footprint = ifmapFootprint(tiled);
  return {
    layer: tiled,
    ifmapRequests: requests,
    filter: filterLoads(tiled),
    footprint,
    reuse: ifmapReuse(tiled, requests),
    haloLags: haloLags(tiled),
    reached: reachedLines(tiled, footprint),
  };
}
