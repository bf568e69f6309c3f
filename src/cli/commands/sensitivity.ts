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
    const { renderSensitivity } = await import('../../report/sensitivity.js');
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { openStudy } = await import('../../study/open-study.js');
    const { sensitivityOf } = await import('../../study/sensitivity.js');
    const { sensitivityNotes } = await import('../../study/sensitivity-notes.js');

    const names = NUMERIC_METRICS.map(({ name }) => name);
    const metric = checkChoice('--metric', lastOf(args.metric), names);
    const pays = percentage('pays', args.pays);
    const folder = findStudy(args.study);
    const { study } = openStudy(folder);
    const start = performance.now();
    const result = sensitivityOf(folder, { metric, pays, onNote: note });
    const seconds = (performance.now() - start) / 1000;
    return args.json
      ? printJson({ study: study.name, ...result, notes: sensitivityNotes(result), seconds })
      : printLine(renderSensitivity(result));
  },
};
