import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrontArchive, paretoFront, type Goal } from '../../src/analysis/pareto.js';
import { randomFrom } from '../../src/model/simulation/random.js';
import { archiveRows, bruteForceRows } from '../helpers/fronts.js';

const anyGoals = (objectives: number) =>
  fc.array(fc.constantFrom<Goal>('minimize', 'maximize'), { minLength: objectives, maxLength: objectives });

/** Few values, so that ties and equal rows abound; infinities, zeros of both signs and NaN among them. */
const anyValue = fc.constantFrom(-2, -1, -0, 0, 1, 2, 3, Infinity, -Infinity, NaN);

/** A table row by row, the order in which rows come, and how many come at once. */
const anyStream = (objectives: number) =>
  fc.array(fc.array(anyValue, { minLength: objectives, maxLength: objectives }), { maxLength: 60 }).chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      order: fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }),
      batches: fc.array(fc.nat({ max: 20 }), { maxLength: 10 }),
      goals: anyGoals(objectives),
    }),
  );

/** Adds rows of columns in some order, in batches of some sizes and the rest at once; ids are row numbers. */
function addInBatches(archive: FrontArchive, columns: readonly Float64Array[], order: number[], sizes: number[]): void {
  const starts = [0];
  for (const size of sizes) starts.push(Math.min(order.length, starts.at(-1)! + size));
  starts.forEach((start, i) => {
    const ids = Float64Array.from(order.slice(start, starts[i + 1] ?? order.length));
    const values = columns.map((column) => ids.map((id) => column[id]!));
    archive.add(ids, values);
  });
}

const columnsOf = (rows: readonly number[][], objectives: number) =>
  Array.from({ length: objectives }, (_, k) => Float64Array.from(rows, (row) => row[k]!));

/** What an archive is to hold whose ids are row numbers. */
const membersOf = (columns: readonly Float64Array[], front: readonly number[]) => ({
  ids: Float64Array.from(front),
  columns: columns.map((column) => Float64Array.from(front, (row) => column[row]!)),
});

function archiveOf(columns: readonly Float64Array[], goals: readonly Goal[]): FrontArchive {
  const archive = new FrontArchive(goals);
  archive.add(
    columns[0]!.map((_, row) => row),
    columns,
  );
  return archive;
}

const ROWS = 6000; // the archive works its front out more than once

/** Tables on which short cuts go wrong; `random` gives numbers from 0 to below 1. */
const SHAPES: Record<string, (random: () => number, objectives: number) => number[]> = {
  'on a plane, all on the front': (random, objectives) => {
    const row = Array.from({ length: objectives }, () => -Math.log(1 - random()));
    const sum = row.reduce((a, b) => a + b);
    return row.map((value) => Math.round((value / sum) * 2 ** 20) / 2 ** 20);
  },
  'on a sphere': (random, objectives) => {
    const row = Array.from({ length: objectives }, () => random() + random() + random());
    const radius = Math.hypot(...row);
    return row.map((value) => 1 - value / radius);
  },
  'near a sphere': (random, objectives) => {
    const row = Array.from({ length: objectives }, () => random());
    const radius = Math.hypot(...row) * (1 - 0.1 * random());
    return row.map((value) => 1 - value / radius);
  },
  'of few values': (random, objectives) => Array.from({ length: objectives }, () => Math.floor(random() * 6)),
  'of few values in all but the last objective': (random, objectives) =>
    Array.from({ length: objectives }, (_, k) => (k === objectives - 1 ? random() : Math.floor(random() * 4))),
  'of powers far apart': (random, objectives) =>
    Array.from({ length: objectives }, () => (random() - 0.5) * 10 ** (600 * random() - 300)),
};

const tableOf = (shape: string, objectives: number) => {
  const random = randomFrom(objectives);
  return columnsOf(
    Array.from({ length: ROWS }, () => SHAPES[shape]!(random, objectives)),
    objectives,
  );
};

const minimizeAll = (columns: readonly unknown[]) => columns.map((): Goal => 'minimize');

describe('the archive of a front', () => {
  it.each([1, 2, 3, 4, 5])(
    'of %i objectives holds what comparing every pair leaves, however rows come',
    (objectives) => {
      fc.assert(
        fc.property(anyStream(objectives), ({ rows, order, batches, goals }) => {
          const columns = columnsOf(rows, objectives);
          const numbers = [...rows.keys()].filter((row) => !rows[row]!.some(Number.isNaN));
          const withoutNaN = columns.map((column) => numbers.map((row) => column[row]!));
          const front = bruteForceRows(withoutNaN, goals).map((at) => numbers[at]!);
          const archive = new FrontArchive(goals);
          addInBatches(archive, columns, order, batches);
          expect(archive.members()).toEqual(membersOf(columns, front));
          expect(archive.size).toBe(front.length);
          expect(paretoFront(columns, goals)).toEqual(front);
        }),
        { numRuns: 200 },
      );
    },
  );

  it.each(Object.keys(SHAPES).flatMap((shape) => [2, 3, 4, 5].map((objectives) => [shape, objectives] as const)))(
    'of a table %s with %i objectives is that of a plain archive',
    (shape, objectives) => {
      const columns = tableOf(shape, objectives);
      const goals = minimizeAll(columns);
      const front = archiveRows(columns, goals);
      expect(archiveOf(columns, goals).members()).toEqual(membersOf(columns, front));
    },
  );

  it.each(Object.keys(SHAPES))('of a table %s depends neither on the order of the rows nor on batches', (shape) => {
    const columns = tableOf(shape, 3);
    const goals: Goal[] = ['minimize', 'maximize', 'minimize'];
    const members = archiveOf(columns, goals).members();
    const random = randomFrom(7);
    const keys = Float64Array.from({ length: ROWS }, random);
    const shuffled = [...keys.keys()].sort((a, b) => keys[a]! - keys[b]!);
    const orders = [shuffled, [...members.ids, ...shuffled.filter((row) => !members.ids.includes(row))]];
    for (const order of [...orders, orders[1]!.toReversed()]) {
      const archive = new FrontArchive(goals);
      addInBatches(archive, columns, order, [0, 1, 10, 5000, 3]);
      expect(archive.members()).toEqual(members);
    }
  });

  it.each<[string, (row: number) => number, number[]]>([
    ['of rows that get worse is the first one', (row) => row, [0]],
    ['of rows that get better is the last one', (row) => -row, [ROWS - 1]],
    ['of equal rows is all of them', () => 1, [...Array(ROWS).keys()]],
    ['of rows that are all NaN is empty', () => NaN, []],
  ])('%s', (_what, valueOf, front) => {
    for (const objectives of [1, 2, 3, 4]) {
      const columns = Array.from({ length: objectives }, () =>
        Float64Array.from({ length: ROWS }, (_, row) => valueOf(row)),
      );
      expect(archiveOf(columns, minimizeAll(columns)).members()).toEqual(membersOf(columns, front));
    }
  });

  it.each([2, 3])(
    'of all of 50 000 points that are on it, with %i objectives, is sorted by the first',
    (objectives) => {
      const random = randomFrom(3);
      // on the plane x + y (+ z) = 1, in steps of 2^-30
      const first = new Float64Array(50_000).map(() => Math.floor(random() * 2 ** 29) / 2 ** 30);
      const second = first.map(() => (objectives === 2 ? 0 : Math.floor(random() * 2 ** 29) / 2 ** 30));
      const last = first.map((value, row) => 1 - value - second[row]!);
      const columns = objectives === 2 ? [first, last] : [first, second, last];
      const { ids, columns: values } = archiveOf(columns, minimizeAll(columns)).members();
      expect(ids.slice().sort()).toEqual(first.map((_, row) => row));
      expect(values[0]).toEqual(first.slice().sort());
      expect(values[1]).toEqual(ids.map((row) => columns[1]![row]!));
    },
  );

  it('goes on from what it held when it was asked', () => {
    const archive = new FrontArchive(['minimize', 'maximize']);
    expect(archive.members()).toEqual({ ids: new Float64Array(), columns: [new Float64Array(), new Float64Array()] });
    archive.add(Float64Array.of(7, 8), [Float64Array.of(2, 1), Float64Array.of(5, 4)]);
    expect(archive.size).toBe(2);
    archive.add(Float64Array.of(3, 9), [Float64Array.of(1, 3), Float64Array.of(4, 1)]);
    const columns = [Float64Array.of(1, 1, 2), Float64Array.of(4, 4, 5)];
    expect(archive.members()).toEqual({ ids: Float64Array.of(3, 8, 7), columns });
    archive.add(Float64Array.of(1), [Float64Array.of(1), Float64Array.of(6)]);
    expect(archive.members()).toEqual({ ids: Float64Array.of(1), columns: [Float64Array.of(1), Float64Array.of(6)] });
  });

  it('neither changes nor keeps the arrays it is given, and gives copies', () => {
    const archive = new FrontArchive(['maximize']);
    const [ids, column] = [Float64Array.of(4, 5), Float64Array.of(1, 2)];
    archive.add(ids, [column]);
    expect([ids, column]).toEqual([Float64Array.of(4, 5), Float64Array.of(1, 2)]);
    ids.fill(0);
    column.fill(0);
    const members = archive.members();
    expect(members).toEqual({ ids: Float64Array.of(5), columns: [Float64Array.of(2)] });
    members.ids.fill(0);
    members.columns[0]!.fill(0);
    expect(archive.members()).toEqual({ ids: Float64Array.of(5), columns: [Float64Array.of(2)] });
  });

  it('refuses no objectives, and columns that do not fit', () => {
    expect(() => new FrontArchive([])).toThrow('a front needs an objective');
    const archive = new FrontArchive(['minimize', 'minimize']);
    const one = Float64Array.of(1);
    expect(() => archive.add(one, [one])).toThrow('1 columns for 2 objectives');
    expect(() => archive.add(one, [one, Float64Array.of(1, 2)])).toThrow('a column of 2 rows for 1 ids');
    expect(archive.size).toBe(0);
  });
});
