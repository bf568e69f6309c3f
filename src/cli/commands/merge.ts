import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { jsonOption } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  study: string;
  shards: string[] | undefined;
  partial: boolean;
  json: boolean;
}

export const mergeCommand: CommandModule<object, Arguments> = {
  command: 'merge <study> [shards..]',
  describe:
    'Put the shards of a study, or of its frontier, together: what one run would have made; goes on where it stopped',
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
    const { mergedFolder, mergeStudy } = await import('../merge-study.js');
    const { shardFolders } = await import('../../store/shard-folders.js');
    const { shareFolders } = await import('../../store/frontier-shares.js');
    const { isShareFolder, mergeFrontiers } = await import('../merge-frontier.js');

    const folder = mergedFolder(study);
    const frontier = join(folder, 'frontier');
    const folders = shards.length > 0 ? shards : shardFolders(folder);
    const shares = folders.length === 0 ? shareFolders(frontier) : folders.every(isShareFolder) ? folders : [];
    if (shares.length === 0) {
      const { printClosing } = await import('../closing.js');
      return printClosing(folder, study, await mergeStudy(folder, folders, partial), json);
    }
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { frontJson } = await import('../fronts.js');
    const fronts = mergeFrontiers(frontier, shares);
    return json
      ? printJson(fronts.map((front) => ({ ...frontJson(front), evaluated: front.evaluated })))
      : printLine(fronts.map((front) => summarizeFront(front)).join('\n\n'));
  },
};
