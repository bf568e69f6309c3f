/** A million rows as CSV, beside the sqlite3 shell doing the same, and as Arrow and Parquet. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gridOf } from '../src/space/study.js';
import { medianOf, secondsOf, takeTurns, timingOf, type Check, type Outcome } from './measure.js';
import { outputOf } from './peers.js';
import { inFolder, peakMemoryOf, runProgram, writeSpec } from './program.js';
import { referenceSpec, studyOf } from './reference.js';

const MILLIONS = 1;
const ROUNDS = 3;
const SHELL_BAR = 0.4;
const MOST_MB = 300;

const ALL_ROWS = 'SELECT * FROM points';

/** Every row as CSV by the shell of SQLite. */
function runShell(database: string): void {
  const args = ['-readonly', '-csv', '-header', database, ALL_ROWS];
  const { status } = spawnSync('sqlite3', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('sqlite3 failed');
}

export function queryExportBench(): Promise<Outcome> {
  return inFolder(async (folder) => {
    const spec = referenceSpec(MILLIONS);
    const study = join(folder, 'study');
    runProgram(['run', writeSpec(folder, spec), '--out', study]);
    const rows = gridOf(studyOf(spec)).size;
    const query = ['query', study, ALL_ROWS, '--format', 'csv'];
    const hasShell = outputOf('sqlite3', ['--version']) !== undefined;
    const exported = (file: string, ...more: string[]) => {
      const to = join(folder, file);
      return secondsOf(() => runProgram(['export', study, '--to', to, '--force', ...more]));
    };
    const works = [
      { name: 'query, CSV', run: () => secondsOf(() => runProgram(query)) },
      ...(hasShell
        ? [{ name: 'the sqlite3 shell, CSV', run: () => secondsOf(() => runShell(join(study, 'study.db'))) }]
        : []),
      { name: 'export, Arrow, record batches as they are', run: () => exported('points.arrow') },
      // A condition that all meet: every row is read from SQLite.
      { name: 'export, Arrow, rows that meet a condition', run: () => exported('some.arrow', '--where', '1') },
      { name: 'export, Parquet', run: () => exported('points.parquet') },
      { name: 'export, CSV', run: () => exported('points.csv') },
    ];
    const seconds = takeTurns(
      ROUNDS,
      works.map(({ run }) => run),
    );
    const peak = process.platform === 'linux' ? await peakMemoryOf(query) : undefined;
    rmSync(study, { recursive: true });
    const checks: Check[] = [
      ...(hasShell
        ? [
            {
              ...{ name: 'query as CSV / the sqlite3 shell, rows a second', bar: SHELL_BAR },
              ...{ value: medianOf(seconds[1]!) / medianOf(seconds[0]!), passes: 'at least' as const, unit: 'x' },
            },
          ]
        : []),
      ...(peak === undefined
        ? []
        : [
            {
              ...{ name: 'most memory of a query of 1 million rows as CSV', bar: MOST_MB },
              ...{ value: peak / 1e6, passes: 'at most' as const, unit: 'MB' },
            },
          ]),
    ];
    return {
      timings: works.map(({ name }, i) => timingOf(name, 'rows', rows, seconds[i]!)),
      checks,
      notes: hasShell ? [] : ['query: no sqlite3 shell to compare with'],
    };
  });
}
