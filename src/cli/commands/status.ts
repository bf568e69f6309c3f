import type { CommandModule } from 'yargs';
import { jsonOption, MOST_SHARDS, studyArgument, wholeNumber } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  study: string;
  shards: number | undefined;
  json: boolean;
}

export const statusCommand: CommandModule<object, Arguments> = {
  command: 'status <study>',
  describe: 'How far a study and its shards are, and which shards to submit again; disturbs no run',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .option('shards', {
        type: 'number',
        requiresArg: true,
        describe: 'How many shards there are to be, where none has begun',
      })
      .options(jsonOption)
      .example('$0 status balanced-scaling', 'while its shards run'),
  handler: async ({ study, shards, json }) => {
    const { showIndices } = await import('../../engine/shards.js');
    const { renderStatus } = await import('../../report/status.js');
    const { statusOf } = await import('../../study/status-of.js');
    const { findSharded } = await import('../../storage/folder/study-folder.js');

    const count = shards === undefined ? undefined : wholeNumber('shards', shards, 1, MOST_SHARDS);
    const status = statusOf(findSharded(study), { shards: count });
    return json ? printJson({ ...status, resubmit: showIndices(status.resubmit) }) : printLine(renderStatus(status));
  },
};
