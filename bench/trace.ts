/** Sector requests that the simulation takes a second. */
import { loadNetwork } from '../src/space/files/network-file.js';
import { parseTile } from '../src/model/tile.js';
import { KIB, MIB } from '../src/model/units.js';
import { simulate } from '../src/model/simulation/simulate.js';
import { measure, type Timing } from './measure.js';

export function traceBench(): Timing[] {
  const layer = loadNetwork('resnet50').layers.find(({ name }) => name === 'conv2_1/3x3')!;
  const tile = parseTile('128x64x8')!;
  const machine = { smCount: 30, activeCtas: 4, l1Bytes: 48 * KIB, l2Bytes: 3 * MIB };
  const run = () => simulate({ layer, batch: 32, tile, ...machine }).accesses;
  return [measure('trace, 3x3 of 64 channels', 'sector requests', 5, run)];
}
