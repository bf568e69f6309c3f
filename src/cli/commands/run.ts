import type { CommandModule } from 'yargs';
import { jsonOption, lastOf, specArgument } from '../options.js';
import { note, printJson, printLine } from '../output.js';
import { runAsked, workersOption, type RunArguments } from '../run-options.js';

interface Arguments extends RunArguments {
  spec: string;
  out: string | undefined;
  json: boolean;
}

export const runCommand: CommandModule<object, Arguments> = {
  command: 'run <spec>',
  describe: 'Evaluate and store every point of a sweep, then show its front; resumes where a run stopped',
  builder: (yargs) =>
    yargs
      .positional('spec', specArgument)
      .option('out', { type: 'string', requiresArg: true, describe: "The study's folder (default: results/NAME)" })
      .options(workersOption)
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

    const { options, shard } = runAsked(args);
    const study = loadStudy(args.spec);
    const out = args.out === undefined ? `results/${study.name}` : lastOf(args.out);
    const { runShard, runStudy } = await import('../../study/run-study.js');
    const { stoppable } = await import('../progress.js');
    if (shard) {
      const { describeShard, shardJson } = await import('../../report/run.js');
      const result = await stoppable((reporting) => runShard(study, { ...options, ...reporting, out, shard }));
      return args.json ? printJson(shardJson(result)) : printLine(describeShard(result));
    }
    const { describeRun } = await import('../../report/run.js');
    const { printClosing } = await import('../closing.js');
    const result = await stoppable((reporting) => runStudy(study, { ...options, ...reporting, out }));
    const { folder, counts, front, isNew, seconds } = result;
    if (isNew) note(describeRun(folder, study, counts, front.designs.length, seconds));
    await printClosing(folder, args.out === undefined ? study.name : folder, front, args.json);
  },
};
