import type { CommandModule } from 'yargs';
import type { FrontQuery } from '../../analysis/front-query.js';
import type { OverWorkloads } from '../../analysis/over-workloads.js';
import type { Objective, Study } from '../../space/study.js';
import { jsonOption, lastOf, nameList, studyArgument } from '../options.js';
import { note, printJson, printLine } from '../output.js';

interface Arguments {
  study: string;
  minimize: string[] | undefined;
  maximize: string[] | undefined;
  over: string;
  'at-most': string[];
  'at-least': string[];
  json: boolean;
}

const limitOption = { type: 'string', array: true, nargs: 1, default: [] as string[] } as const;

export const paretoCommand: CommandModule<object, Arguments> = {
  command: 'pareto <study>',
  describe: 'The Pareto front of a stored study, over its own objectives or others; also stored in it',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .option('minimize', { type: 'string', array: true, nargs: 1, describe: 'Metrics to minimise: a,b' })
      .option('maximize', { type: 'string', array: true, nargs: 1, describe: 'Metrics to maximise: a,b' })
      .option('over', {
        type: 'string',
        default: 'each',
        requiresArg: true,
        describe: 'A front for each workload, or one over all: by the geometric mean of the speedups, or the worst',
      })
      .option('at-most', {
        ...limitOption,
        describe: 'Only designs with so much or less: area_mm2=600; may be repeated',
      })
      .option('at-least', { ...limitOption, describe: 'Only designs with so much or more: speedup=2; may be repeated' })
      .options(jsonOption)
      .example('$0 pareto balanced-scaling --minimize area_mm2 --at-least speedup=2', ''),
  handler: async (args) => {
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { readManifest } = await import('../../store/manifest.js');
    const { findStudy } = await import('../../store/study-folder.js');
    const { computeFront, frontJson } = await import('../fronts.js');

    const asked = await askedFor(args);
    const folder = findStudy(args.study);
    const { study, finished } = readManifest(folder);
    const query = await completed(asked, study);
    if (finished === null)
      note('note: the run of this study has not finished; this is the front of what is stored so far');
    const result = computeFront(folder, study, query);
    return args.json ? printJson(frontJson(result)) : printLine(summarizeFront(result));
  },
};

/** The options, checked. */
async function askedFor(args: Arguments): Promise<FrontQuery> {
  const { METRICS_OVER_ALL, OVER_WORKLOADS } = await import('../../analysis/over-workloads.js');
  const { checkChoice, parseLimit } = await import('../../files/settings.js');
  const { NUMERIC_METRICS } = await import('../../model/metrics.js');
  const { toObjectives } = await import('../../space/study.js');

  const over: OverWorkloads = checkChoice('--over', lastOf(args.over), OVER_WORKLOADS);
  const metrics = NUMERIC_METRICS.map(({ name }) => name);
  const limited = over === 'each' ? metrics : METRICS_OVER_ALL.map(({ name }) => name);
  const checked = (option: string, names: string[] | undefined) =>
    nameList(names).map((name) => checkChoice(option, name, metrics));
  return {
    objectives: toObjectives({
      minimize: checked('--minimize', args.minimize),
      maximize: checked('--maximize', args.maximize),
    }),
    over,
    limits: [
      ...args['at-most'].map((text) => ({ ...parseLimit('--at-most', text, limited), side: 'at most' as const })),
      ...args['at-least'].map((text) => ({ ...parseLimit('--at-least', text, limited), side: 'at least' as const })),
    ],
  };
}

/** What is asked for of a study: with its own objectives where there are no others. */
async function completed(asked: FrontQuery, study: Study): Promise<FrontQuery> {
  const { objectivesOver } = await import('../../analysis/front-query.js');
  const { inputError } = await import('../../errors.js');
  const { repeatedMetric } = await import('../../space/study.js');

  const { over, limits } = asked;
  const twice = repeatedMetric(asked.objectives);
  const objectives = objectivesOver(over, asked.objectives.length > 0 ? asked.objectives : study.objectives);
  const against = twice ?? repeatedMetric(objectives);
  if (against) throw inputError({ what: `objective ${against} is there twice` });
  const query = { objectives, over, limits };
  if (study.store === 'front' && over !== 'each')
    throw inputError({
      what: 'this study stores the front of each workload alone',
      got: `--over ${over}`,
      expected: '--over each, or a study with store: { points: all }',
    });
  if (study.store === 'front' && !isOfStoredFront(query, study))
    note('note: this study stores its own front alone; this is the front of what is stored');
  return query;
}

/** Whether a front is made of designs of the study's own one: of its objectives, with limits that cut it. */
function isOfStoredFront({ objectives, limits }: FrontQuery, { objectives: own }: Study): boolean {
  const isOwn = (metric: string, goal: Objective['goal']) => own.some((o) => o.metric === metric && o.goal === goal);
  return (
    objectives.length === own.length &&
    objectives.every(({ metric, goal }) => isOwn(metric, goal)) &&
    limits.every(({ metric, side }) => isOwn(metric, side === 'at most' ? 'minimize' : 'maximize'))
  );
}
