import type { CommandModule } from 'yargs';
import { studyArgument } from '../options.js';
import { printLine, write } from '../output.js';

const FORMATS = ['table', 'csv', 'json', 'ndjson', 'arrow'] as const;
type Format = (typeof FORMATS)[number];

/** Cells that a table or an Arrow file may have: they are held in memory, where the other formats are streamed. */
const MAX_HELD_CELLS = 10_000_000;

interface Arguments {
  study: string;
  sql: string;
  format: string | undefined;
  json: boolean;
}

export const queryCommand: CommandModule<object, Arguments> = {
  command: 'query <study> <sql>',
  describe: 'Read-only SQL over a stored study',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .positional('sql', { type: 'string', demandOption: true, describe: 'One SELECT; see study.db for the tables' })
      .option('format', {
        type: 'string',
        requiresArg: true,
        describe: `One of ${FORMATS.join(', ')} (default: table)`,
      })
      .option('json', { type: 'boolean', default: false, describe: 'The same as --format json' })
      .example('$0 query balanced-scaling "SELECT bottleneck, count(*) FROM points GROUP BY 1"', ''),
  handler: async (args) => {
    const { inputError } = await import('../../errors.js');
    const { checkChoice } = await import('../../files/settings.js');
    const { studyFiles } = await import('../../store/study-files.js');
    const { findStudy } = await import('../../store/study-folder.js');
    const { openQuery } = await import('../../store/query.js');
    const { arrowBytes, csvLines, jsonLines, ndjsonLines } = await import('../../report/rows.js');
    const { renderRows } = await import('../../report/row-table.js');

    const format: Format = checkChoice('--format', args.format ?? (args.json ? 'json' : 'table'), FORMATS);
    const gather = <Row>(columns: readonly string[], rows: Iterable<Row>): Row[] => {
      const gathered: Row[] = [];
      for (const row of rows) {
        if (gathered.push(row) * columns.length <= MAX_HELD_CELLS) continue;
        const what = `too many rows for --format ${format}`;
        throw inputError({ what, expected: `at most ${MAX_HELD_CELLS} cells, or csv, json or ndjson` });
      }
      return gathered;
    };
    const query = openQuery(studyFiles(findStudy(args.study)).database, args.sql);
    try {
      switch (format) {
        case 'table':
          return await printLine(renderRows(query.columns, gather(query.columns, query.rows)));
        case 'arrow':
          process.stdout.write(arrowBytes(query.columns, gather(query.columns, query.rows)));
          return;
        default: {
          const lines = { csv: csvLines, json: jsonLines, ndjson: ndjsonLines }[format];
          for (const line of lines(query.columns, query.rows)) await write(line);
        }
      }
    } finally {
      query.close();
    }
  },
};
