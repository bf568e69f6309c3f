/** Marks of a design of a front beside its figures, declared once: columns of the table `pareto` and of `pareto --json`. */

export interface FrontMarks {
  /** Of the design's point; over all workloads, that of the first one. */
  id: number;
  balanced: boolean;
  knee: boolean;
  imbalance: number;
  robust: boolean | null;
}

/** A design of a front by column: its point, or what it has over all workloads, and its marks. */
export type FrontRow = Record<string, number | string | boolean | null> & FrontMarks;

interface MarkColumn {
  name: Exclude<keyof FrontMarks, 'id'>;
  type: 'boolean' | 'real';
  /** Whether there are designs without it. */
  isOptional?: true;
  meaning: string;
}

export const FRONT_MARKS = [
  { name: 'balanced', type: 'boolean', meaning: 'the balanced design of the workload' },
  { name: 'knee', type: 'boolean', meaning: 'the knee of the front' },
  { name: 'imbalance', type: 'real', meaning: '0 where no area moved between resources would buy time' },
  {
    name: 'robust',
    type: 'boolean',
    isOptional: true,
    meaning: 'on the front wherever costs are in their bounds and times in the validated error',
  },
] as const satisfies readonly MarkColumn[];

/** The marks of a design that is on no front, and of one on a front before it is marked. */
export const UNMARKED = { balanced: false, knee: false, imbalance: Number.NaN, robust: null } as const;

/** The marks of a design alone. */
export function marksOf(design: FrontMarks): Omit<FrontMarks, 'id'> {
  return Object.fromEntries(FRONT_MARKS.map(({ name }) => [name, design[name]])) as unknown as Omit<FrontMarks, 'id'>;
}
