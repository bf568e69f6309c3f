/** The rules that can be taken out, to see what each is worth (docs/model.md, 10.6). */
export const RULES = {
  H: 'a step at the size of the cache instead of sets',
  R2: 'no IFmap found again from one wave to a later one',
  R3: 'no IFmap found again by CTAs of the same row',
  R4: 'no filters found again by CTAs of the same column',
  R5: 'no filters found again by the first CTA of a column',
  D1: 'no row survives in L2 from one wave to a later one',
  D2: 'no input rows loaded again between waves',
  D3: 'no own re-touches of a CTA reach DRAM',
  D4: 'no loads of the other columns of a wave reach DRAM',
  D5: 'no input rows loaded again between tiles of a wave',
  D6: 'no filters survive in L2 from one wave to the next',
} as const;

export type RuleId = keyof typeof RULES;
