import type { CommandModule } from 'yargs';
import { jsonOption } from '../options.js';

interface Arguments {
  study: string;
  shards: string[] | undefined;
  partial: boolean;
  json: boolean;
}

export const mergeCommand: CommandModule<object, Arguments> = {
  command: 'merge <study> [shards..]',
  describe:
    'Put the shards of a study together: the files that an unsharded run would have made; goes on where it stopped',
  builder: (yargs) =>
    yargs
      .positional('study', {
        type: 'string',
        demandOption: true,
        describe: "The study's folder, or its name under results/",
      })
      .positional('shards', {
        type: 'string',
        array: true,
        describe: "Folders of its shards (default: all under shards/ in the study's folder)",
      })
      .option('partial', {
        type: 'boolean',
        default: false,
        describe: 'Merge the shards that are finished; the study is marked as partial until merge or run completes it',
      })
      .options(jsonOption)
      .example('$0 merge balanced-scaling', 'once every task of run --shard has ended'),
  handler: async ({ study, shards = [], partial, json }) => {
    const { printClosing } = await import('../closing.js');
    const { mergeStudy } = await import('../merge-study.js');
    const { folder, front } = await mergeStudy(study, shards, partial);
    await printClosing(folder, study, front, json);
  },
};
