/**
 * The chunks of a grid: ranges of ids, each evaluated at once, stored in one transaction, one record batch of
 * `points.arrow` and one line of the table `chunks`. They follow from the study alone, so that what is stored does not depend on
 * how it was run.
 */
import type { Grid } from '../space/grid.js';
import { gridOf, type Study } from '../space/study.js';

/** Ids from `from` up to, not including, `to`. */
export interface Range {
  from: number;
  to: number;
}

/** Most points of a chunk whose points are all stored: rows of a few megabytes. */
export const MAX_CHUNK_POINTS = 16_384;

/** Most points of a chunk of which the front alone is stored: a fraction of a second's work. */
const MAX_FRONT_CHUNK_POINTS = 1_048_576;

/** Most points of a chunk that stores the reasons of all points, which take a thousand times as long: seconds of work. */
const MAX_REASONS_CHUNK_POINTS = 256;

/** The most points up to `most` that are whole turns of the fastest digits: such a chunk is a box of the grid, or a few. */
export function wholeTurns({ radices }: Grid, most: number): number {
  let turn = 1;
  for (let d = radices.length - 1; d >= 0 && turn * radices[d]! <= most; d--) turn *= radices[d]!;
  return turn * Math.floor(most / turn);
}

/** Points of a study's chunks; the last one may have fewer. */
export function chunkPointsOf(study: Study): number {
  const ofAll = study.reasons === 'all' ? MAX_REASONS_CHUNK_POINTS : MAX_CHUNK_POINTS;
  return wholeTurns(gridOf(study), study.store === 'all' ? ofAll : MAX_FRONT_CHUNK_POINTS);
}

export function chunkCount(gridSize: number, chunkPoints: number): number {
  return Math.ceil(gridSize / chunkPoints);
}

/** The ids of a chunk. */
export function chunkRange(chunk: number, gridSize: number, chunkPoints: number): Range {
  return { from: chunk * chunkPoints, to: Math.min((chunk + 1) * chunkPoints, gridSize) };
}

/** Points of the grid in the chunks from `from` up to, not including, `to`. */
export function pointsOfChunks({ from, to }: Range, gridSize: number, chunkPoints: number): number {
  return Math.max(0, Math.min(to * chunkPoints, gridSize) - from * chunkPoints);
}
