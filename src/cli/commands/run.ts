import type { CommandModule } from 'yargs';
import { jsonOption, lastOf, specArgument, wholeNumber } from '../options.js';
import { note, printJson, printLine, WIDTH } from '../output.js';
import { pictureOptions } from '../terminal.js';

interface Arguments {
  spec: string;
  out: string | undefined;
  workers: number | undefined;
  fresh: boolean;
  json: boolean;
}

/** Designs of a front shown after a run; `pareto` shows all. */
const SHOWN_DESIGNS = 24;

export const runCommand: CommandModule<object, Arguments> = {
  command: 'run <spec>',
  describe: 'Evaluate and store every point of a sweep, then show its front; goes on where a run stopped',
  builder: (yargs) =>
    yargs
      .positional('spec', specArgument)
      .option('out', { type: 'string', requiresArg: true, describe: "The study's folder (default: results/NAME)" })
      .option('workers', { type: 'number', requiresArg: true, describe: 'Threads (default: all cores)' })
      .option('fresh', {
        type: 'boolean',
        default: false,
        describe: 'Start anew: what the folder holds stays until the first results are stored',
      })
      .options(jsonOption)
      .example('$0 run sweeps/balanced-scaling.yaml', 'the study that npm start runs'),
  handler: async (args) => {
    const { loadStudy } = await import('../../files/spec-file.js');
    const { describeBalanced } = await import('../../report/balanced.js');
    const { plotFronts, summarizeFront, summarizeOptions } = await import('../../report/front-summary.js');
    const { frontJson, optionDesigns } = await import('../fronts.js');
    const { comparesOptions } = await import('../../space/study.js');
    const { evaluateAndStore } = await import('../run-study.js');

    const workers = args.workers === undefined ? undefined : wholeNumber('workers', args.workers, 1, 1024);
    const study = loadStudy(args.spec);
    const folder = args.out === undefined ? `results/${study.name}` : lastOf(args.out);
    const front = await evaluateAndStore(study, folder, {
      fresh: args.fresh,
      ...(workers === undefined ? {} : { workers }),
    });
    const options = comparesOptions(study) ? optionDesigns(folder, front) : undefined;
    if (args.json) return printJson({ ...frontJson(front), ...(options ? { options } : {}) });
    const { objectives, front: designs } = front;
    const summary = options ? summarizeOptions(study, objectives, options) : summarizeFront(front, SHOWN_DESIGNS);
    const pictures = pictureOptions(WIDTH);
    const plots = pictures ? plotFronts(front, pictures) : [];
    await printLine([summary, ...plots, describeBalanced(study, designs)].join('\n\n'));
    if (!options && designs.length > SHOWN_DESIGNS)
      note(`all designs of the front: delta-sweep pareto ${args.out === undefined ? study.name : folder}`);
  },
};
