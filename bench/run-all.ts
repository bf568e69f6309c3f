/** All benches: `npm run bench`, or `npm run bench -- --json`. Timings vary from run to run: compare ratios of one run. */
import { availableParallelism, cpus } from 'node:os';
import { renderTable } from '../src/report/table.js';
import { evaluateBench } from './evaluate.js';
import type { Timing } from './measure.js';
import { paretoBench } from './pareto.js';
import { traceBench } from './trace.js';

const timings: Timing[] = [...evaluateBench(), ...traceBench(), ...paretoBench()];
const median = (values: readonly number[]) => values[Math.floor(values.length / 2)]!;
const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.versions.node}`;

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ machine, timings }, null, 2));
} else {
  const rows = timings.map(({ name, unit, work, seconds }) => [
    name,
    seconds[0]!.toFixed(3),
    median(seconds).toFixed(3),
    seconds.at(-1)!.toFixed(3),
    `${(work / median(seconds) / 1e6).toFixed(2)} M ${unit}/s`,
  ]);
  const headings = ['bench', 'least s', 'median s', 'most s'].map((heading) => ({ heading }));
  const columns = [{ heading: 'bench', align: 'left' as const }, ...headings.slice(1), { heading: 'rate' }];
  console.log(`${machine}\n\n${renderTable(columns, rows)}`);
}
