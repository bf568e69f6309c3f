import { describe, expect, test } from '@jest/globals';
import { ifmapFootprint } from '../../../src/model/traffic/footprint.js';
import { haloLags } from '../../../src/model/traffic/halo.js';
import { ifmapRequests } from '../../../src/model/traffic/requests.js';
import { ifmapReuse } from '../../../src/model/traffic/reuse.js';
import { prepared, tiled, type Sizes, type TileSizes } from './layers.js';

const SIZES: Sizes = [2, 3, 19, 17, 20, 3, 5, 1, 2, 1, 2];
const TILE: TileSizes = [128, 32, 4];

describe('what is prepared of the IFmap', () => {
  test('is the same for layers and tiles that read it alike', () => {
    const more = SIZES.with(4, 300) as unknown as Sizes;
    expect(prepared(more, [128, 128, 4]).reuse).toBe(prepared(SIZES, TILE).reuse);
    expect(prepared(more, [128, 128, 4]).filter).not.toEqual(prepared(SIZES, TILE).filter);
  });

  test.each([0, 1, 2, 3, 5, 6, 7, 8, 9, 10])('is its own where size %i of the layer is another', (place) => {
    prepared(SIZES, TILE);
    const sizes = SIZES.with(place, SIZES[place]! + 1) as unknown as Sizes;
    expectOwn(sizes, TILE);
  });

  test.each<TileSizes>([
    [64, 32, 4],
    [128, 32, 8],
  ])('is its own in the tile %i x %i x %i', (...tile) => {
    prepared(SIZES, TILE);
    expectOwn(SIZES, tile);
  });
});

function expectOwn(sizes: Sizes, tile: TileSizes): void {
  const layer = tiled(sizes, tile);
  const requests = ifmapRequests(layer);
  const footprint = ifmapFootprint(layer);
  expect(prepared(sizes, tile)).toMatchObject({
    ifmapRequests: requests,
    footprint,
    reuse: ifmapReuse(layer, requests),
    haloLags: haloLags(layer),
  });
}
