import type { CommandModule } from 'yargs';
import { jsonOption, lastOf, percentage, studyArgument } from '../options.js';
import { note, printJson, printLine } from '../output.js';

interface Arguments {
  study: string;
  metric: string;
  pays: string;
  json: boolean;
}

export const sensitivityCommand: CommandModule<object, Arguments> = {
  command: 'sensitivity <study>',
  describe: 'What each axis of a stored study does: how much its steps buy, where it stops paying, Sobol indices',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .option('metric', { type: 'string', requiresArg: true, default: 'time_ms', describe: 'The metric to look at' })
      .option('pays', {
        type: 'string',
        requiresArg: true,
        default: '1%',
        describe: 'The least gain of a step that pays',
      })
      .options(jsonOption)
      .example('$0 sensitivity balanced-scaling --pays 2%', ''),
  handler: async (args) => {
    const { checkChoice } = await import('../../space/files/settings.js');
    const { NUMERIC_METRICS } = await import('../../model/metrics.js');
    const { renderSensitivity, sensitivityNotes } = await import('../../report/sensitivity.js');
    const { readManifest } = await import('../../storage/folder/manifest.js');
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { sensitivityOfStored } = await import('../sensitivity.js');

    const names = NUMERIC_METRICS.map(({ name }) => name);
    const metric = checkChoice('--metric', lastOf(args.metric), names);
    const pays = percentage('pays', args.pays);
    const folder = findStudy(args.study);
    const { study, finished } = readManifest(folder);
    if (finished === null) note('note: the run of this study has not finished; this is of what is stored so far');
    const start = performance.now();
    const result = sensitivityOfStored(
      folder,
      study,
      NUMERIC_METRICS.find(({ name }) => name === metric)!,
      pays,
    );
    const seconds = (performance.now() - start) / 1000;
    return args.json
      ? printJson({ study: study.name, ...result, notes: sensitivityNotes(result), seconds })
      : printLine(renderSensitivity(result));
  },
};
