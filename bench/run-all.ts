/**
 * All benches: `npm run bench`. A timing never fails anything, but results that differ do.
 *
 *   --only NAME   some benches, by name; may be repeated
 *   --json        for machines
 *   --write       also writes bench/RESULTS.md
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderTable, type TableColumn } from '../src/report/table.js';
import { coldStartBench } from './cold-start.js';
import { databaseBench } from './database.js';
import { endToEndBench } from './end-to-end.js';
import { evaluateBench } from './evaluate.js';
import { frontierBench } from './frontier.js';
import { kernelBench } from './kernel.js';
import { describeMachine } from './machine.js';
import { isPassed, medianOf, rateOf, type Check, type Outcome, type Timing } from './measure.js';
import { memoryBench } from './memory.js';
import { paretoBench } from './pareto.js';
import { queryExportBench } from './query-export.js';
import { reportBench } from './report.js';
import { shardsBench } from './shards.js';
import { threadsBench } from './threads.js';
import { traceBench } from './trace.js';

const BENCHES: Record<string, () => Outcome | Promise<Outcome>> = {
  kernel: kernelBench,
  threads: threadsBench,
  'end-to-end': endToEndBench,
  database: databaseBench,
  shards: shardsBench,
  memory: memoryBench,
  pareto: paretoBench,
  frontier: frontierBench,
  'query-export': queryExportBench,
  report: reportBench,
  'cold-start': coldStartBench,
  evaluate: () => ({ timings: evaluateBench() }),
  trace: () => ({ timings: traceBench() }),
};

const RESULTS = fileURLToPath(new URL('../../bench/RESULTS.md', import.meta.url));

/** Three digits that count. */
const short = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function rateText(timing: Timing): string {
  const rate = rateOf(timing);
  return `${rate >= 1e5 ? `${short(rate / 1e6)} M` : short(rate)} ${timing.unit}/s`;
}

function timingRow(timing: Timing): string[] {
  const { name, seconds } = timing;
  return [name, ...[seconds[0]!, medianOf(seconds), seconds.at(-1)!].map((s) => s.toFixed(3)), rateText(timing)];
}

function checkRow(check: Check): string[] {
  const { name, value, bar, passes, unit } = check;
  const passed = isPassed(check);
  const verdict = passed === undefined ? '' : passed ? 'pass' : 'miss';
  return [name, `${short(value)} ${unit}`, bar === undefined ? '' : `${passes} ${bar} ${unit}`, verdict];
}

const left = (heading: string): TableColumn => ({ heading, align: 'left' });
const right = (heading: string): TableColumn => ({ heading });

const TIMINGS = [left('bench'), right('least s'), right('median s'), right('most s'), right('rate')];
const CHECKS = [left('to reach'), right('found'), right('bar'), left('')];

function markdownTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map(({ align }) => (align === 'left' ? '---' : '---:'));
  return [columns.map(({ heading }) => heading), rule, ...rows].map(line).join('\n');
}

type Report = Required<Outcome> & { machine: Record<string, string> };

async function report(names: readonly string[]): Promise<Report> {
  const all: Report = { machine: describeMachine(), timings: [], checks: [], notes: [] };
  for (const name of names) {
    const { timings, checks = [], notes = [] } = await BENCHES[name]!();
    all.timings.push(...timings);
    all.checks.push(...checks);
    all.notes.push(...notes);
  }
  return all;
}

type Table = (columns: readonly TableColumn[], rows: readonly (readonly string[])[]) => string;

/** The tables of a report that are not empty, and its notes. */
function blocks({ timings, checks, notes }: Report, table: Table): string[] {
  return [
    ...(timings.length > 0 ? [table(TIMINGS, timings.map(timingRow))] : []),
    ...(checks.length > 0 ? [table(CHECKS, checks.map(checkRow))] : []),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ];
}

const machineText = (machine: Report['machine']) =>
  Object.entries(machine)
    .map(([what, value]) => `${what} ${value}`)
    .join(', ');

function markdown(all: Report): string {
  const head = [
    '# Results of the benches',
    'Written by `npm run bench -- --write`; [README.md](README.md) says what they are.',
  ];
  return `${[...head, `${machineText(all.machine)}.`, ...blocks(all, markdownTable)].join('\n\n')}\n`;
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const unknown = options.only.find((name) => !(name in BENCHES));
if (unknown) throw new Error(`no bench ${unknown}; there are: ${Object.keys(BENCHES).join(', ')}`);

const all = await report(options.only.length > 0 ? options.only : Object.keys(BENCHES));
if (options.write) writeFileSync(RESULTS, markdown(all));
console.log(
  options.json
    ? JSON.stringify({ ...all, checks: all.checks.map((check) => ({ ...check, passed: isPassed(check) })) }, null, 2)
    : [machineText(all.machine), ...blocks(all, renderTable)].join('\n\n'),
);
