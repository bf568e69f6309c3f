import type { CommandModule } from 'yargs';
import { CHART_NAMES } from '../../report/page/chart-names.js';
import { lastOf, studyArgument } from '../options.js';

interface Arguments {
  study: string;
  to: string | undefined;
  chart: string | undefined;
  workload: string | undefined;
  svg: string | undefined;
  png: string | undefined;
  force: boolean;
}

const fileOption = { type: 'string', requiresArg: true } as const;

export const reportCommand: CommandModule<object, Arguments> = {
  command: 'report <study>',
  describe: 'A stored study as one web page that needs nothing else, or a single chart of it',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .option('to', { ...fileOption, describe: 'The page; report.html, if no chart is asked for' })
      .option('chart', {
        ...fileOption,
        describe: `The chart that --svg and --png write: ${CHART_NAMES.slice(0, -1).join(', ')} or ${CHART_NAMES.at(-1)}`,
      })
      .option('workload', { ...fileOption, describe: 'Of which workload the chart is: 1, the first, if not said' })
      .option('svg', { ...fileOption, describe: 'A file for the chart as SVG' })
      .option('png', { ...fileOption, describe: 'A file for the chart as PNG' })
      .option('force', { type: 'boolean', default: false, describe: 'Replace a file that is there' })
      .example('$0 report balanced-scaling --to report.html', ''),
  handler: async (args) => {
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { writeReport } = await import('../report-study.js');

    const last = (text: string | undefined) => (text === undefined ? undefined : lastOf(text));
    await writeReport(findStudy(args.study), {
      ...{ to: last(args.to), svg: last(args.svg), png: last(args.png) },
      ...{ chart: last(args.chart), workload: last(args.workload), force: args.force },
    });
  },
};
