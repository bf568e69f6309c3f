import type { CommandModule } from 'yargs';
import { inputError } from '../../errors.js';
import type { FoundFront } from '../../study/search-frontier.js';
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
  handler: async ({ study, shards: named = [], partial, json }) => {
    const { frontJson } = await import('../../report/front-json.js');
    const { mergedFolder } = await import('../../storage/folder/study-folder.js');
    const { shardFolders } = await import('../../storage/shards/shard-folders.js');
    const { mergeFrontiers, shardedSearches } = await import('../../study/merge-frontiers.js');
    const { mergeShards } = await import('../../study/merge-shards.js');
    const { stoppable } = await import('../progress.js');

    const folder = mergedFolder(study);
    const searches = shardedSearches(folder, named);
    const shards = named.length > 0 ? named : shardFolders(folder);
    if (searches.length === 0 || (named.length === 0 && shards.length > 0)) {
      const { describeMissing, describeRun } = await import('../../report/run.js');
      const { printClosing } = await import('../closing.js');
      const merged = await stoppable((reporting) => mergeShards(folder, { ...reporting, shards, partial }));
      const { counts, front, isNew, seconds } = merged;
      if (isNew && counts) note(describeRun(folder, front.study, counts, front.designs.length, seconds));
      const missing = describeMissing(merged);
      if (missing !== undefined) note(missing);
      await printClosing(folder, study, front, json);
      for (const { folder: search } of searches)
        note(`${search} has shards of a frontier search: merge ${search} merges them`);
      return;
    }
    if (partial)
      throw inputError({ what: '--partial', expected: 'shards of a study: a front needs all shards of its search' });
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { describeFrontier } = await import('../../report/frontier.js');
    const fronts: FoundFront[] = [];
    for (const search of searches) fronts.push(...(await mergeFrontiers(search, { onNote: note })));
    fronts.forEach((front) => note(describeFrontier(front)));
    return json
      ? printJson({ fronts: fronts.map((front) => ({ ...frontJson(front), evaluated: front.evaluated })) })
      : printLine(fronts.map((front) => summarizeFront(front)).join('\n\n'));
  },
};
