import type { CommandModule } from 'yargs';
import type { FrontQuery } from '../../analysis/front-query.js';
import type { OverWorkloads } from '../../analysis/over-workloads.js';
import type { Objective, Study } from '../../space/study.js';
import { frontOptions, jsonOption, lastOf, studyArgument, type FrontArguments } from '../options.js';
import { note, printJson, printLine, WIDTH } from '../output.js';
import { pictureOptions } from '../terminal.js';

interface Arguments extends FrontArguments {
  study: string;
  over: string;
  json: boolean;
}

export const paretoCommand: CommandModule<object, Arguments> = {
  command: 'pareto <study>',
  describe: 'The Pareto front of a stored study, over its own objectives or others; also stored in it',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .options(frontOptions)
      .option('over', {
        type: 'string',
        default: 'each',
        requiresArg: true,
        describe: 'A front for each workload, or one over all: by the geometric mean of the speedups, or the worst',
      })
      .options(jsonOption)
      .example('$0 pareto balanced-scaling --minimize area_mm2 --at-least speedup=2', ''),
  handler: async (args) => {
    const { plotFronts, summarizeFront } = await import('../../report/front-summary.js');
    const { showShard } = await import('../../engine/shards.js');
    const { readManifest } = await import('../../storage/folder/manifest.js');
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { computeFront, frontJson } = await import('../fronts.js');

    const asked = await askedFor(args);
    const folder = findStudy(args.study);
    const { study, finished, shard } = readManifest(folder);
    const query = await completed(asked, study);
    if (finished === null)
      note('note: the run of this study has not finished; this is the front of what is stored so far');
    if (shard) note(`note: this is shard ${showShard(shard)} of the study: the front of its points alone`);
    const result = computeFront(folder, study, query);
    if (args.json) return printJson(frontJson(result));
    const pictures = pictureOptions(WIDTH);
    const plots = pictures ? plotFronts(result, pictures) : [];
    return printLine([summarizeFront(result), ...plots].join('\n\n'));
  },
};

/** The options, checked. */
async function askedFor(args: Arguments): Promise<FrontQuery> {
  const { METRICS_OVER_ALL, OVER_WORKLOADS } = await import('../../analysis/over-workloads.js');
  const { checkChoice } = await import('../../space/files/settings.js');
  const { NUMERIC_METRICS } = await import('../../model/metrics.js');
  const { limitsAsked, objectivesAsked } = await import('../front-arguments.js');

  const over: OverWorkloads = checkChoice('--over', lastOf(args.over), OVER_WORKLOADS);
  const limited = (over === 'each' ? NUMERIC_METRICS : METRICS_OVER_ALL).map(({ name }) => name);
  return { objectives: objectivesAsked(args), over, limits: limitsAsked(args, limited) };
}

/** What is asked for of a study: with its own objectives where there are no others. */
async function completed(asked: FrontQuery, study: Study): Promise<FrontQuery> {
  const { contradictionOverAll, describeGoals, objectivesOver } = await import('../../analysis/front-query.js');
  const { SPEED_OVER_ALL } = await import('../../analysis/over-workloads.js');
  const { inputError } = await import('../../errors.js');

  const { over, limits } = asked;
  const wanted = asked.objectives.length > 0 ? asked.objectives : study.objectives;
  const against = over === 'each' ? undefined : contradictionOverAll(wanted);
  if (against) {
    const [a, b] = against.map((objective) => `'${describeGoals([objective])}'`);
    throw inputError({
      what: `over all workloads, ${a} and ${b} ask for opposite ${SPEED_OVER_ALL}s`,
      got: `--over ${over}`,
      expected: 'one of them',
    });
  }
  const query = { objectives: objectivesOver(over, wanted), over, limits };
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
