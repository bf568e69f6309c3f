import type { CommandModule } from 'yargs';
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
    const { METRICS_OVER_ALL, OVER_WORKLOADS } = await import('../../analysis/over-workloads.js');
    const { NUMERIC_METRICS } = await import('../../model/metrics.js');
    const { frontJson } = await import('../../report/front-json.js');
    const { plotFronts, summarizeFront } = await import('../../report/front-summary.js');
    const { checkChoice } = await import('../../space/files/settings.js');
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { paretoOf } = await import('../../study/pareto.js');
    const { limitsAsked, objectivesAsked } = await import('../front-arguments.js');

    const over = checkChoice('--over', lastOf(args.over), OVER_WORKLOADS);
    const limited = (over === 'each' ? NUMERIC_METRICS : METRICS_OVER_ALL).map(({ name }) => name);
    const request = { objectives: objectivesAsked(args), over, limits: limitsAsked(args, limited) };
    const result = await paretoOf(findStudy(args.study), request, { onNote: note });
    if (args.json) return printJson(frontJson(result));
    const pictures = pictureOptions(WIDTH);
    const plots = pictures ? plotFronts(result, pictures) : [];
    return printLine([summarizeFront(result), ...plots].join('\n\n'));
  },
};
