/** Commands as whole processes: what a user waits for. */
import { medianOf, secondsOf, timingOf, type Check, type Outcome, type Timing } from './measure.js';
import { runProgram } from './program.js';

const RUNS = 9;

const COMMANDS = [
  { args: ['--help'], barMs: 200 },
  { args: ['explain', '--gpu', 'titan-xp', '--network', 'resnet152'], barMs: 500 },
];

export function coldStartBench(): Outcome {
  const timings: Timing[] = [];
  const checks: Check[] = [];
  for (const { args, barMs } of COMMANDS) {
    const name = `delta-sweep ${args.join(' ')}`;
    runProgram(args); // files are in the system's cache by now
    const seconds = Array.from({ length: RUNS }, () => secondsOf(() => runProgram(args)));
    timings.push(timingOf(name, 'starts', 1, seconds));
    checks.push({ name, value: 1000 * medianOf(seconds), bar: barMs, passes: 'at most', unit: 'ms' });
  }
  return { timings, checks };
}
