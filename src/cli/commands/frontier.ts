import type { CommandModule } from 'yargs';
import {
  frontOptions,
  jsonOption,
  lastOf,
  shardAsked,
  specArgument,
  wholeNumber,
  type FrontArguments,
} from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments extends FrontArguments {
  spec: string;
  out: string | undefined;
  workers: number | undefined;
  shard: string | undefined;
  fresh: boolean;
  json: boolean;
}

export const frontierCommand: CommandModule<object, Arguments> = {
  command: 'frontier <spec>',
  describe: 'The exact Pareto front of a grid too large to enumerate; resumes where a search stopped',
  builder: (yargs) =>
    yargs
      .positional('spec', specArgument)
      .options(frontOptions)
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder of its state (default: results/NAME/frontier)',
      })
      .option('workers', { type: 'number', requiresArg: true, describe: 'Threads (default: all cores)' })
      .option('shard', {
        type: 'string',
        requiresArg: true,
        describe: 'I/N: only the I-th of N shards of the search, from 1/N to N/N; merge puts them together',
      })
      .option('fresh', { type: 'boolean', default: false, describe: 'Start anew' })
      .options(jsonOption)
      .example('$0 frontier balanced-scaling --minimize area_mm2 --at-least speedup=4', ''),
  handler: async (args) => {
    const { checkGoals } = await import('../../engine/frontier/goals.js');
    const { loadStudy } = await import('../../space/files/spec-file.js');
    const { NUMERIC_METRICS } = await import('../../model/metrics.js');
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { findFront, searchShard } = await import('../find-front.js');
    const { frontJson } = await import('../fronts.js');
    const { objectivesAsked, limitsAsked } = await import('../front-arguments.js');

    const workers = args.workers === undefined ? undefined : wholeNumber('workers', args.workers, 1, 1024);
    const shard = args.shard === undefined ? undefined : shardAsked(args.shard);
    const metrics = NUMERIC_METRICS.map(({ name }) => name);
    const asked = objectivesAsked(args);
    const limits = limitsAsked(args, metrics);
    const study = loadStudy(args.spec);
    const query = { objectives: asked.length > 0 ? asked : study.objectives, over: 'each', limits } as const;
    checkGoals(query);
    const folder = args.out === undefined ? `results/${study.name}/frontier` : lastOf(args.out);
    const options = { fresh: args.fresh, ...(workers === undefined ? {} : { workers }) };
    if (shard) {
      const { describeSearchShard } = await import('../../report/frontier.js');
      const result = await searchShard(study, query, folder, { ...options, shard });
      return args.json ? printJson(result) : printLine(describeSearchShard(result));
    }
    const front = await findFront(study, query, folder, options);
    return args.json
      ? printJson({ ...frontJson(front), evaluated: front.evaluated })
      : printLine(summarizeFront(front));
  },
};
