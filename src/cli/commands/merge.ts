import type { CommandModule } from 'yargs';
import { inputError } from '../../errors.js';
import { jsonOption } from '../options.js';
import { note, printJson, printLine } from '../output.js';

interface Arguments {
  study: string;
  shards: string[] | undefined;
  partial: boolean;
  json: boolean;
}

export const mergeCommand: CommandModule<object, Arguments> = {
  command: 'merge <study> [shards..]',
  describe:
    'Merge the shards of a study, or of its frontier search, into what one run would have made; resumes where it stopped',
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
    const { shardFolders } = await import('../../storage/shards/shard-folders.js');
    const { mergedFolder } = await import('../../storage/folder/study-folder.js');
    const { mergeFrontiers, shardedSearches } = await import('../merge-frontier.js');
    const { mergeStudy } = await import('../merge-study.js');

    const folder = mergedFolder(study);
    const searches = shardedSearches(folder, shards);
    const folders = shards.length > 0 ? shards : shardFolders(folder);
    if (searches.length === 0 || (shards.length === 0 && folders.length > 0)) {
      const { printClosing } = await import('../closing.js');
      await printClosing(folder, study, await mergeStudy(folder, folders, partial), json);
      for (const { folder: search } of searches)
        note(`${search} has shards of a frontier search: merge ${search} merges them`);
      return;
    }
    if (partial)
      throw inputError({ what: '--partial', expected: 'shards of a study: a front needs all shards of its search' });
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { frontJson } = await import('../fronts.js');
    const fronts = searches.flatMap(mergeFrontiers);
    return json
      ? printJson({ fronts: fronts.map((front) => ({ ...frontJson(front), evaluated: front.evaluated })) })
      : printLine(fronts.map((front) => summarizeFront(front)).join('\n\n'));
  },
};
