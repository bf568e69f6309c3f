/** What moved between the fronts of two studies: designs that came, went, or have other figures than before. */
import { isSameFigure } from './point-changes.js';
import { UNMATCHED, type DesignMatcher } from './design-matcher.js';

/** A design of a front: its marks, and its row of `points`. */
export type DiffedDesign = { id: number; balanced: boolean; knee: boolean } & Record<string, unknown>;

/** Why a design of one front is not on the other. */
export type WhyNot =
  /** The other study has no design like it. */
  | 'not in the grid'
  | 'rejected by a constraint'
  /** The run of the other study has not come to it. */
  | 'not stored yet'
  | 'cannot run'
  /** Another design is at least as good in everything. */
  | 'dominated'
  /** The other study keeps its front alone: one of the above. */
  | 'not on the front';

/** A design that is on at least one of the fronts; its row before and after, where the study has stored one. */
export interface FrontChange {
  change: 'came' | 'went' | 'moved' | 'stayed';
  before: DiffedDesign | undefined;
  after: DiffedDesign | undefined;
  /** Why it was not on the front before, or is not now. */
  why?: WhyNot;
}

/** A front, and what to ask its study of other designs. */
export interface FrontSide {
  front: readonly DiffedDesign[];
  /** The first id of the same design. */
  canonical: DesignMatcher;
  /** The same design in the other study. */
  match: DesignMatcher;
  /** The stored point of an id; undefined where there is none. */
  pointOf: (id: number) => DiffedDesign | undefined;
  /** Why the study has no stored point of an id. */
  whyMissing: (id: number) => WhyNot;
}

/** A design of one front as the other study has it, and why that is not on its front. */
function elsewhere(id: number, { pointOf, whyMissing }: FrontSide): { row: DiffedDesign | undefined; why: WhyNot } {
  if (id === UNMATCHED) return { row: undefined, why: 'not in the grid' };
  const row = pointOf(id);
  if (!row) return { row, why: whyMissing(id) };
  return { row, why: row['infeasible'] === null ? 'dominated' : 'cannot run' };
}

/** The designs of a front by the first id of each. */
const byId = ({ front, canonical }: FrontSide) => new Map(front.map((row) => [canonical(row.id), row]));

/**
 * Every design of two fronts of a workload, those of the front before first.
 *
 * @param metrics whose change is a move
 */
export function frontChanges(before: FrontSide, after: FrontSide, metrics: readonly string[]): FrontChange[] {
  const [was, is] = [byId(before), byId(after)];
  const ofBefore = [...was.values()].map((row): FrontChange => {
    const id = before.match(row.id);
    const other = is.get(id);
    if (!other) {
      const { row: now, why } = elsewhere(id, after);
      return { change: 'went', before: row, after: now, why };
    }
    const isSame = metrics.every((metric) => isSameFigure(metric, row[metric], other[metric]));
    return { change: isSame ? 'stayed' : 'moved', before: row, after: other };
  });
  const came = [...is.values()].flatMap((row): FrontChange[] => {
    const id = after.match(row.id);
    if (was.has(id)) return [];
    const { row: then, why } = elsewhere(id, before);
    return [{ change: 'came', before: then, after: row, why }];
  });
  return [...ofBefore, ...came];
}
