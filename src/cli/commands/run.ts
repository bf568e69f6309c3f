import type { CommandModule } from 'yargs';
import { jsonOption, lastOf, shardAsked, specArgument, wholeNumber } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  spec: string;
  out: string | undefined;
  workers: number | undefined;
  shard: string | undefined;
  fresh: boolean;
  json: boolean;
}

export const runCommand: CommandModule<object, Arguments> = {
  command: 'run <spec>',
  describe: 'Evaluate and store every point of a sweep, then show its front; resumes where a run stopped',
  builder: (yargs) =>
    yargs
      .positional('spec', specArgument)
      .option('out', { type: 'string', requiresArg: true, describe: "The study's folder (default: results/NAME)" })
      .option('workers', { type: 'number', requiresArg: true, describe: 'Threads (default: all cores)' })
      .option('shard', {
        type: 'string',
        requiresArg: true,
        describe:
          "I/N: only the I-th of N shards of the study, from 1/N to N/N, into shards/I-of-N in the study's folder",
      })
      .option('fresh', {
        type: 'boolean',
        default: false,
        describe: 'Start anew: what the folder holds stays until the first results are stored',
      })
      .options(jsonOption)
      .example('$0 run sweeps/balanced-scaling.yaml', 'the study that npm start runs'),
  handler: async (args) => {
    const { loadStudy } = await import('../../space/files/spec-file.js');

    const workers = args.workers === undefined ? undefined : wholeNumber('workers', args.workers, 1, 1024);
    const shard = args.shard === undefined ? undefined : shardAsked(args.shard);
    const study = loadStudy(args.spec);
    const folder = args.out === undefined ? `results/${study.name}` : lastOf(args.out);
    const options = { fresh: args.fresh, ...(workers === undefined ? {} : { workers }) };
    if (shard) {
      const { describeShard, evaluateShard } = await import('../run-shard.js');
      const result = await evaluateShard(study, folder, shard, options);
      return args.json ? printJson(result) : printLine(describeShard(result));
    }
    const { printClosing } = await import('../closing.js');
    const { evaluateAndStore } = await import('../run-study.js');
    const front = await evaluateAndStore(study, folder, options);
    await printClosing(folder, args.out === undefined ? study.name : folder, front, args.json);
  },
};
