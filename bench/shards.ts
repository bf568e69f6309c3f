/** A study of a million points in 16 shards, two at a time, and their merge, beside one run of it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../src/space/study.js';
import { gridOf } from '../src/space/study.js';
import { medianOf, secondsOf, timingOf, type Outcome, type Timing } from './measure.js';
import { inFolder, MAIN, runProgram, writeSpec } from './program.js';
import { referenceSpec, studyOf } from './reference.js';

const ROUNDS = 3;
const SHARDS = 16;
const AT_ONCE = 2;
const BAR = 1.3;

/** Runs a shard, on one thread. */
function startShard(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'ignore'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`delta-sweep ${args.join(' ')} failed`))));
  });
}

/** Seconds that all shards take, so many at a time. */
async function shardSeconds(specFile: string, out: string): Promise<number> {
  const start = performance.now();
  const left = Array.from({ length: SHARDS }, (_, i) => `${i + 1}/${SHARDS}`);
  const work = async () => {
    for (let shard = left.shift(); shard !== undefined; shard = left.shift())
      await startShard(['run', specFile, '--out', out, '--shard', shard, '--workers', '1']);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return (performance.now() - start) / 1000;
}

export function shardsBench(): Promise<Outcome> {
  return inFolder(async (folder) => {
    const spec: SweepSpec = referenceSpec(1);
    const specFile = writeSpec(folder, spec);
    const [whole, shards, merges]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      const [one, many] = [join(folder, `one-${round}`), join(folder, `many-${round}`)];
      whole.push(secondsOf(() => runProgram(['run', specFile, '--out', one])));
      shards.push(await shardSeconds(specFile, many));
      merges.push(secondsOf(() => runProgram(['merge', many])));
      const [a, b] = [one, many].map((out) => readFileSync(join(out, 'points.arrow')));
      if (!a!.equals(b!)) throw new Error('the merged study is another than the one of one run');
    }
    const points = gridOf(studyOf(spec)).size;
    const timing = (name: string, seconds: number[]): Timing => timingOf(name, 'points', points, seconds);
    const both = shards.map((seconds, round) => seconds + merges[round]!);
    return {
      timings: [
        timing('shards: one run', whole),
        timing(`shards: ${SHARDS} shards, ${AT_ONCE} at a time`, shards),
        timing('shards: their merge', merges),
      ],
      checks: [
        {
          ...{ name: `${SHARDS} shards and their merge / one run`, unit: 'x', passes: 'at most', bar: BAR },
          value: medianOf(both) / medianOf(whole),
        },
      ],
    };
  });
}
