/** The same design in two studies: ids differ from grid to grid, the values of the axes do not. */
import { baselineValue } from '../../model/gpu.js';
import { AXIS_IDS, type AxisId, type AxisValue } from '../../model/resources.js';
import type { Axis } from '../../space/axis.js';
import { digitsOf, type Dimension } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';

/** No design of the other study is the same. */
export const UNMATCHED = -1;

/** The id of a design in another study, or `UNMATCHED`. */
export type DesignMatcher = (id: number) => number;

/** Digits of a value by which two studies are held to have the same one: a multiple and a number differ in the last bits. */
const SAME_DIGITS = 12;

/** A value as it is looked up. */
export const valueKey = (value: AxisValue): AxisValue =>
  typeof value === 'number' ? Number(value.toPrecision(SAME_DIGITS)) : value;

/** The different values of an axis, by rank; the one of the baseline where a study does not move it. */
function ranksOf(study: Study, id: AxisId): Map<AxisValue, number> {
  const axis = study.dimensions.flat().find((candidate) => candidate.id === id);
  const keys = new Set((axis?.values ?? [baselineValue(study.baseline, id)]).map(valueKey));
  return new Map([...keys].map((key, rank) => [key, rank]));
}

/** Ranks in the other study of what an axis takes, by a digit of the id; a digit that is not there has one value. */
interface RankTable {
  digit: number | undefined;
  ranks: Int32Array;
}

function rankTable(from: Study, id: AxisId, ranks: ReadonlyMap<AxisValue, number>): RankTable {
  const digit = from.dimensions.findIndex((dimension) => dimension.some((axis) => axis.id === id));
  const axis = from.dimensions[digit]?.find((candidate) => candidate.id === id);
  const values = axis?.values ?? [baselineValue(from.baseline, id)];
  return {
    digit: axis ? digit + 1 : undefined,
    ranks: Int32Array.from(values, (value) => ranks.get(valueKey(value)) ?? UNMATCHED),
  };
}

/** The first position with each combination of ranks, axis after axis: `node x ranks + rank` is the next node, a leaf the position. */
function positionsByRanks(
  dimension: readonly Axis[],
  ranks: ReadonlyMap<AxisId, ReadonlyMap<AxisValue, number>>,
): Map<number, number>[] {
  const levels = dimension.map(() => new Map<number, number>());
  dimension[0]!.values.forEach((_, position) => {
    let node = 0;
    dimension.forEach(({ id, values }, a) => {
      const known = ranks.get(id)!;
      const key = node * known.size + known.get(valueKey(values[position]!))!;
      const next = a === dimension.length - 1 ? position : levels[a]!.size;
      if (!levels[a]!.has(key)) levels[a]!.set(key, next);
      node = levels[a]!.get(key)!;
    });
  });
  return levels;
}

/** Where along a dimension of the other study a design is, given its digits. */
function positionIn(from: Study, to: Study, dimension: Dimension): (digits: readonly number[]) => number {
  const ranks = new Map(dimension.map(({ id }) => [id, ranksOf(to, id)]));
  const levels = positionsByRanks(dimension, ranks);
  const tables = dimension.map(({ id }) => ({ ...rankTable(from, id, ranks.get(id)!), size: ranks.get(id)!.size }));
  const walk = (digits: readonly number[]) => {
    let node = 0;
    for (let a = 0; a < tables.length; a++) {
      const { digit, ranks, size } = tables[a]!;
      const rank = ranks[digit === undefined ? 0 : digits[digit]!]!;
      const next = rank < 0 ? undefined : levels[a]!.get(node * size + rank);
      if (next === undefined) return UNMATCHED;
      node = next;
    }
    return node;
  };
  const moving = [...new Set(tables.flatMap(({ digit }) => digit ?? []))];
  if (moving.length > 1) return walk;
  // One digit, or none, decides: the walk is done once a value.
  const [digit] = moving;
  const digits: number[] = [];
  const positions = Int32Array.from(
    { length: digit === undefined ? 1 : gridOf(from).radices[digit]! },
    (_, position) => {
      if (digit !== undefined) digits[digit] = position;
      return walk(digits);
    },
  );
  return digit === undefined ? () => positions[0]! : (all) => positions[all[digit]!]!;
}

/** What people call a workload. */
const workloadKey = ({ network, batch, pass }: Study['workloads'][number]) =>
  JSON.stringify([network.name, batch, pass]);

/** The position of each workload of a study in another one; `UNMATCHED` where it is not there. */
export function matchWorkloads(from: Study, to: Study): number[] {
  const keys = to.workloads.map(workloadKey);
  return from.workloads.map((workload) => keys.indexOf(workloadKey(workload)));
}

/**
 * Finds the design of one study in another: the same workload, and the same value of every axis in its unit. An axis that
 * a study does not move has the value of its baseline. Where several ids are the same design, the first is found.
 */
export function designMatcher(from: Study, to: Study): DesignMatcher {
  const [grid, other] = [gridOf(from), gridOf(to)];
  const workloads = matchWorkloads(from, to);
  const positions = to.dimensions.map((dimension) => positionIn(from, to, dimension));
  const moved = new Set(to.dimensions.flat().map(({ id }) => id));
  // Axes that the other study keeps where they are: all of them have to be there.
  const kept = AXIS_IDS.filter((id) => !moved.has(id)).map((id) => rankTable(from, id, ranksOf(to, id)));
  const digits: number[] = [];
  return (id) => {
    digitsOf(grid, id, digits);
    for (const { digit, ranks } of kept) if (ranks[digit === undefined ? 0 : digits[digit]!]! < 0) return UNMATCHED;
    let index = workloads[digits[0]!]!;
    if (index < 0) return UNMATCHED;
    for (let d = 0; d < positions.length; d++) {
      const position = positions[d]!(digits);
      if (position < 0) return UNMATCHED;
      index = index * other.radices[d + 1]! + position;
    }
    return index;
  };
}

/** Whether two ids of a study can be the same design: values that come twice, or workloads. */
export function hasRepeats(study: Study): boolean {
  const matches = designMatcher(study, study);
  const grid = gridOf(study);
  // A digit repeats itself whatever the others are.
  return grid.radices.some((radix, digit) => {
    const stride = grid.radices.slice(digit + 1).reduce((product, size) => product * size, 1);
    return Array.from({ length: radix }, (_, position) => position * stride).some((id) => matches(id) !== id);
  });
}
