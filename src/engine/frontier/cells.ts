/** The cells of a study's grid, place by place (docs/model.md, 16.1). */
import { areaFactors, areasOf, totalArea, type PerAreaConstant } from '../../model/cost.js';
import type { LayerModel } from '../../model/layer-model.js';
import { modelOf } from '../../model/models.js';
import { toGpu, type Gpu } from '../../model/gpu.js';
import { mergedPasses, type MergedPass } from '../../model/passes.js';
import { compileConstraints } from '../../space/constraints.js';
import { settingsOf, type Setting } from '../../space/evaluate-point.js';
import type { Grid } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';
import { BoxConstraints } from './box-constraints.js';
import { RATE_FIELDS } from '../../model/resources.js';
import type { TimeBounds } from '../../model/time-bounds.js';
import type { Lists } from './lists.js';
import { combinationsOf, placeDigitsOf, setCombination, type PlaceDigits } from './places.js';
import { cellAreas, rateDigitsOf, type CellAreas, type RateDigit } from './rate-digits.js';
import { SLACK } from './staircase.js';

/** A cell, with what a search has to know of its designs besides their times. */
export interface SearchedCell {
  bounds: TimeBounds;
  areas: CellAreas;
  /** The values of its rate digits that are to be searched. */
  lists: Lists;
  /** Rates and latencies of the cell that no digit sets. */
  fixed: Float64Array;
  constraints: BoxConstraints;
  /** A point's digits, those of the cell set. */
  digits: Int32Array;
}

/** A place whose designs can run: what its occupancy digits are at, what they come to, and its smallest area. */
interface Place {
  combination: number;
  occupancy: string;
  area: number;
}

/** Pieces that keep threads busy, and tell how far a search is; designs that are worth a piece. */
const ENOUGH_PIECES = 64;
const LEAST_SLICE = 4096;

export class Cells {
  readonly rateDigits: readonly RateDigit[];
  /** Digits of the point at hand. */
  readonly digits: Int32Array;
  private readonly grid: Grid;
  private readonly settings: Setting[][];
  private readonly places: PlaceDigits;
  private readonly constraints: BoxConstraints;
  private readonly passes: readonly MergedPass[][];
  private readonly model: LayerModel;
  private readonly gpu: Gpu;
  private readonly factors: PerAreaConstant;
  /** Whether places that differ in area alone are kept: area does not count, or a constraint reads their digits. */
  private readonly keepsLarger: boolean;
  private readonly groups: number;
  /** The rate digit that cells are sliced by, where there are few groups, and the number of slices. */
  private readonly sliced: number;
  private readonly slices: number;

  constructor(
    private readonly study: Study,
    countsArea: boolean,
  ) {
    this.grid = gridOf(study);
    this.settings = settingsOf(study);
    this.rateDigits = rateDigitsOf(this.settings);
    const rates = this.rateDigits.map(({ digit }) => digit);
    this.places = placeDigitsOf(this.settings, rates);
    this.digits = new Int32Array(this.grid.radices.length);
    const constraints = compileConstraints(study.constraints, this.grid, study.baseline);
    this.constraints = new BoxConstraints(constraints, rates, this.digits);
    this.passes = study.workloads.map(mergedPasses);
    this.model = modelOf(study.model);
    this.gpu = toGpu(study.baseline);
    this.factors = areaFactors(this.gpu, study.costs);
    const isRead = (digit: number) => constraints.some(({ dimensions }) => dimensions.includes(digit));
    this.groups = combinationsOf(this.grid, this.places.group);
    this.sliced = this.rateDigits.reduce((most, { size }, d, all) => (size > (all[most]?.size ?? 0) ? d : most), 0);
    const values = this.rateDigits[this.sliced]?.size ?? 1;
    const designs = this.grid.size / this.grid.radices[0]! / this.groups;
    const worthIt = Math.max(1, Math.floor(designs / LEAST_SLICE));
    this.slices = Math.min(values, worthIt, Math.ceil(ENOUGH_PIECES / this.groups));
    this.keepsLarger = !countsArea || this.places.occupancy.some(isRead);
  }

  /** Pieces of a workload's grid that are searched one by one: groups of places that differ in occupancy alone, in slices. */
  get pieces(): number {
    return this.groups * this.slices;
  }

  static piecesOf(study: Study): number {
    return new Cells(study, true).pieces;
  }

  /** The cells of a piece; the point and the design at hand are theirs until the next one. */
  *of(workload: number, piece: number): Generator<SearchedCell> {
    this.digits[0] = workload;
    this.set(this.places.group, Math.floor(piece / this.slices));
    const lists = this.sliceOf(piece % this.slices);
    const cells = new Map<string, TimeBounds | undefined>();
    for (const { combination, occupancy } of this.placesOf(workload, lists)) {
      this.set(this.places.occupancy, combination);
      if (!cells.has(occupancy)) cells.set(occupancy, this.boundsOf(workload));
      const bounds = cells.get(occupancy);
      if (!bounds) continue;
      const areas = cellAreas(this.gpu, this.rateDigits, this.settings, this.areaOf);
      const fixed = Float64Array.from(RATE_FIELDS, (field) => this.gpu[field]);
      yield { bounds, areas, fixed, lists, constraints: this.constraints, digits: this.digits };
    }
  }

  /** All designs of a slice: every n-th value of the rate digit with the most values. */
  private sliceOf(slice: number): Lists {
    return this.rateDigits.map((digit, d) => {
      const all = Int32Array.from({ length: digit.size }, (_, value) => value);
      return d === this.sliced ? all.filter((value) => value % this.slices === slice) : all;
    });
  }

  private set(digits: readonly number[], combination: number): void {
    setCombination(this.grid, this.settings, digits, combination, this.digits, this.gpu);
  }

  private readonly areaOf = (gpu: Gpu): number => totalArea(areasOf(gpu, this.factors));

  /** The places of the group at hand; of those that come to the same occupancy the smallest, where that is all that counts. */
  private placesOf(workload: number, lists: Lists): Place[] {
    const places = new Map<string, Place[]>();
    for (let combination = 0; combination < combinationsOf(this.grid, this.places.occupancy); combination++) {
      this.set(this.places.occupancy, combination);
      if (!this.constraints.narrow(lists)) continue;
      const occupancy = occupancyOf(this.gpu, this.model, this.passes[workload]!);
      if (occupancy === undefined) continue;
      const place = { combination, occupancy, area: this.areaOf(this.gpu) };
      const known = places.get(occupancy) ?? [];
      const least = known[0]?.area ?? place.area;
      if (this.keepsLarger || Math.abs(place.area - least) <= SLACK * least) known.push(place);
      else if (place.area < least) known.splice(0, known.length, place);
      places.set(occupancy, known);
    }
    return [...places.values()].flat();
  }

  private boundsOf(workload: number): TimeBounds | undefined {
    return this.model.boundsOf!(this.gpu, this.study.workloads[workload]!);
  }
}

/** Occupancy of every pass of a workload: all that registers and shared memory decide of its time; undefined where one cannot run. */
function occupancyOf(gpu: Gpu, model: LayerModel, passes: readonly MergedPass[]): string | undefined {
  const occupancies: string[] = [];
  for (const { layer, batch, pass } of passes) {
    const occupancy = model.occupancyOf!(gpu, layer, batch, pass);
    if (occupancy === undefined) return undefined;
    occupancies.push(occupancy);
  }
  return occupancies.join(';');
}
