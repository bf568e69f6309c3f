import type { CommandModule } from 'yargs';
import { frontOptions, jsonOption, lastOf, specArgument, type FrontArguments } from '../options.js';
import { note, printJson, printLine } from '../output.js';
import { runAsked, workersOption, type RunArguments } from '../run-options.js';

interface Arguments extends FrontArguments, RunArguments {
  spec: string;
  out: string | undefined;
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
      .options(workersOption)
      .option('shard', {
        type: 'string',
        requiresArg: true,
        describe: 'I/N: only the I-th of N shards of the search, from 1/N to N/N; merge puts them together',
      })
      .option('fresh', { type: 'boolean', default: false, describe: 'Start anew' })
      .options(jsonOption)
      .example('$0 frontier balanced-scaling --minimize area_mm2 --at-least speedup=4', ''),
  handler: async (args) => {
    const { loadStudy } = await import('../../space/files/spec-file.js');
    const { NUMERIC_METRICS } = await import('../../model/metrics.js');
    const { frontJson } = await import('../../report/front-json.js');
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { describeFrontier, describeSearchShard } = await import('../../report/frontier.js');
    const { searchFrontier, searchShard } = await import('../../study/search-frontier.js');
    const { objectivesAsked, limitsAsked } = await import('../front-arguments.js');
    const { stoppable } = await import('../progress.js');

    const { options, shard } = runAsked(args);
    const metrics = NUMERIC_METRICS.map(({ name }) => name);
    const request = { objectives: objectivesAsked(args), limits: limitsAsked(args, metrics) };
    const study = loadStudy(args.spec);
    const out = args.out === undefined ? `results/${study.name}/frontier` : lastOf(args.out);
    if (shard) {
      const result = await stoppable((reporting) =>
        searchShard(study, request, { ...options, ...reporting, out, shard }),
      );
      return args.json ? printJson(result) : printLine(describeSearchShard(result));
    }
    const front = await stoppable((reporting) => searchFrontier(study, request, { ...options, ...reporting, out }));
    note(describeFrontier(front));
    return args.json
      ? printJson({ ...frontJson(front), evaluated: front.evaluated })
      : printLine(summarizeFront(front));
  },
};
