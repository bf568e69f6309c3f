/** The designs of some places of a grid that may be on a workload's front. Pure: what a thread does. */
import type { FrontQuery } from '../../analysis/front-query.js';
import { energyAmounts, energyFactors, energyFrom } from '../../model/energy.js';
import { toGpu } from '../../model/gpu.js';
import type { WorkloadFacts } from '../../model/metrics.js';
import { indexOf, type Grid } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';
import { CellSearch, type SearchCounts } from './cell-search.js';
import { Cells } from './cells.js';
import { countsArea, Goals, type EnergyGoals } from './goals.js';
import { Staircase } from './staircase.js';

/** What a frontier is asked for, and what its workloads have. */
export interface Question {
  query: FrontQuery;
  facts: readonly WorkloadFacts[];
}

/** Designs on a workload's front so far: one number a design in each array. */
export interface FrontSoFar {
  ids: readonly number[];
  /** ln of seconds, and mm2. */
  logTimes: readonly number[];
  areas: readonly number[];
  /** One array an objective that all designs of a cell share, to be small. */
  shared: readonly (readonly number[])[];
}

/** A part of a workload's grid: every `step`-th piece from one on. */
export interface SearchPart {
  workload: number;
  first: number;
  step: number;
  /** Designs have to be faster than the front so far by this factor's logarithm; 0 proves the front. */
  better: number;
}

/** Designs that may be on the front and were not known to be, ids ascending: their exact figures decide. */
export interface SearchResult extends SearchCounts {
  found: FrontSoFar;
}

/** Designs that a search has found so far. */
interface Found extends FrontSoFar {
  ids: number[];
  logTimes: number[];
  areas: number[];
  shared: number[][];
}

export class PlaceSearch {
  private readonly grid: Grid;
  private readonly cells: Cells;
  private readonly energy: EnergyGoals;

  constructor(
    study: Study,
    private readonly question: Question,
  ) {
    this.grid = gridOf(study);
    this.energy = energyGoalsOf(study);
    this.cells = new Cells(study, countsArea(question.query.objectives, this.energy));
  }

  /** Searches places, given the designs that are on the front so far, for others that may be. */
  search({ workload, first, step, better }: SearchPart, front: FrontSoFar): SearchResult {
    const { query, facts } = this.question;
    const goals = new Goals(query, facts[workload]!, this.energy);
    const { rateDigits, digits } = this.cells;
    const found: Found = { ids: [], logTimes: [], areas: [], shared: goals.shared.map(() => []) };
    let shared: readonly number[] = [];
    const search = new CellSearch(rateDigits, better, (logTime, area, work) => {
      if (!goals.allows(work)) return false;
      found.ids.push(indexOf(this.grid, digits));
      found.logTimes.push(logTime);
      found.areas.push(area);
      const own = goals.shared.map((of) => of(work));
      own.forEach((value, k) => found.shared[k]!.push(value));
      return own.every((value, k) => value <= shared[k]!);
    });
    const known = stairsOf(goals, [front], []);
    for (let piece = first; piece < this.cells.pieces; piece += step)
      for (const cell of this.cells.of(workload, piece)) {
        const { work } = cell.bounds;
        if (!goals.allows(work)) continue;
        shared = goals.shared.map((of) => of(work));
        // designs compete with those that are no worse in what all of the cell share
        search.search(cell, shared.length === 0 ? known : stairsOf(goals, [front, found], shared));
      }
    return { found: leftOf(goals, front, found), ...search.counts };
  }
}

/** Those found that are new and that no later one is better than, ids ascending. */
function leftOf(goals: Goals, front: FrontSoFar, found: Found): FrontSoFar {
  const known = new Set(front.ids);
  const stairs = new Map<string, Staircase>();
  const isLeft = (i: number) => {
    if (known.has(found.ids[i]!)) return false;
    const shared = found.shared.map((column) => column[i]!);
    const key = shared.join();
    if (!stairs.has(key)) stairs.set(key, stairsOf(goals, [front, found], shared));
    return stairs.get(key)!.admits(found.logTimes[i]!, found.areas[i]!);
  };
  const left = found.ids.map((_, i) => i).filter(isLeft);
  left.sort((a, b) => found.ids[a]! - found.ids[b]!);
  return pickDesigns(found, left);
}

/** Some of a number of designs, by position. */
export function pickDesigns({ ids, logTimes, areas, shared }: FrontSoFar, positions: readonly number[]): FrontSoFar {
  const pick = (column: readonly number[]) => positions.map((i) => column[i]!);
  return { ids: pick(ids), logTimes: pick(logTimes), areas: pick(areas), shared: shared.map(pick) };
}

/** The staircase of those designs that are no worse than some figures in what cells share. */
function stairsOf(goals: Goals, designs: readonly FrontSoFar[], shared: readonly number[]): Staircase {
  const stairs = new Staircase(goals);
  for (const { logTimes, areas, shared: columns } of designs)
    for (let i = 0; i < logTimes.length; i++)
      if (shared.every((value, k) => columns[k]![i]! <= value)) stairs.add(logTimes[i]!, areas[i]!);
  return stairs;
}

function energyGoalsOf({ baseline, costs }: Study): EnergyGoals {
  const gpu = toGpu(baseline);
  const factors = energyFactors(gpu, costs);
  return {
    switching: ({ activity }) => energyFrom(factors, energyAmounts(gpu, activity, 0, 0)),
    leaks: factors.static_w_per_mm2 > 0,
  };
}
