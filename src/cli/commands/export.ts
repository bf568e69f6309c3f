import type { CommandModule } from 'yargs';
import { lastOf, studyArgument } from '../options.js';
import { note } from '../output.js';

interface Arguments {
  study: string;
  to: string;
  where: string | undefined;
  units: boolean;
  force: boolean;
}

export const exportCommand: CommandModule<object, Arguments> = {
  command: 'export <study>',
  describe: 'The points of a stored study as Arrow, Parquet, CSV or NDJSON',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .option('to', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'FILE.arrow, .parquet, .csv or .ndjson; DIR/ for Parquet with a folder a network',
      })
      .option('where', {
        type: 'string',
        requiresArg: true,
        describe: 'A condition in SQL on the columns of points: "area_mm2 < 600"',
      })
      .option('units', {
        type: 'boolean',
        default: false,
        describe: 'Write FILE.units.csv too, beside CSV or NDJSON (Arrow and Parquet tell units themselves)',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Replace a file that is there' })
      .example('$0 export balanced-scaling --to points.parquet --where "speedup > 2"', ''),
  handler: async (args) => {
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { showNumber } = await import('../../model/units.js');
    const { exportStudy } = await import('../../study/export-study.js');
    const { stoppable } = await import('../progress.js');

    const { units, force } = args;
    const where = args.where === undefined ? undefined : lastOf(args.where);
    const to = lastOf(args.to);
    const folder = findStudy(args.study);
    const { rows, columns } = await stoppable((reporting) =>
      exportStudy(folder, { ...reporting, to, where, units, force }),
    );
    note(`${to}: ${showNumber(rows)} points, ${showNumber(columns)} columns`);
  },
};
