/** What a front is asked for on the command line, checked. */
import type { Limit } from '../analysis/limits.js';
import { checkChoice, parseLimit } from '../space/files/settings.js';
import { NUMERIC_METRICS } from '../model/metrics.js';
import { toObjectives, type Objective } from '../space/study.js';
import { nameList, type FrontArguments } from './options.js';

/** The objectives; none where the study's own are meant. */
export function objectivesAsked({ minimize, maximize }: FrontArguments): Objective[] {
  const metrics = NUMERIC_METRICS.map(({ name }) => name);
  const checked = (option: string, names: string[] | undefined) =>
    nameList(names).map((name) => checkChoice(option, name, metrics));
  return toObjectives({ minimize: checked('--minimize', minimize), maximize: checked('--maximize', maximize) });
}

/** @param metrics that may be limited */
export function limitsAsked(args: FrontArguments, metrics: readonly string[]): Limit[] {
  return [
    ...args['at-most'].map((text) => ({ ...parseLimit('--at-most', text, metrics), side: 'at most' as const })),
    ...args['at-least'].map((text) => ({ ...parseLimit('--at-least', text, metrics), side: 'at least' as const })),
  ];
}
