/** Studies of one and of ten million points in 16 shards, two at a time, and their merge, beside one run of each. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../src/space/study.js';
import { gridOf } from '../src/space/study.js';
import { medianOf, secondsOf, timingOf, type Check, type Outcome, type Timing } from './measure.js';
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

/** Seconds that all shards take, this many at a time. */
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
    const outcomes = [await shardsOf(folder, 1, ROUNDS), await shardsOf(folder, 10, 1)];
    return {
      timings: outcomes.flatMap(({ timings }) => timings),
      checks: outcomes.flatMap(({ checks }) => checks),
    };
  });
}

/** Of a study of a number of million points. */
async function shardsOf(
  folder: string,
  millions: number,
  rounds: number,
): Promise<{ timings: Timing[]; checks: Check[] }> {
  const spec: SweepSpec = referenceSpec(millions);
  const specFile = writeSpec(folder, spec);
  const [whole, shards, merges]: [number[], number[], number[]] = [[], [], []];
  const [one, many] = [join(folder, 'one'), join(folder, 'many')];
  for (let round = 0; round < rounds; round++) {
    whole.push(secondsOf(() => runProgram(['run', specFile, '--out', one])));
    shards.push(await shardSeconds(specFile, many));
    merges.push(secondsOf(() => runProgram(['merge', many])));
    if (sha256OfFile(join(one, 'points.arrow')) !== sha256OfFile(join(many, 'points.arrow')))
      throw new Error('the merged study is another than the one of one run');
    for (const out of [one, many]) rmSync(out, { recursive: true });
  }
  const points = gridOf(studyOf(spec)).size;
  const timing = (name: string, seconds: number[]): Timing =>
    timingOf(`${millions} M points, ${name}`, 'points', points, seconds);
  const both = shards.map((seconds, round) => seconds + merges[round]!);
  return {
    timings: [
      timing('one run', whole),
      timing(`${SHARDS} shards, ${AT_ONCE} at a time`, shards),
      timing('their merge', merges),
    ],
    checks: [
      {
        ...{ name: `${millions} M points: ${SHARDS} shards and their merge / one run`, unit: 'x' },
        ...{ passes: 'at most', bar: BAR, value: medianOf(both) / medianOf(whole) },
      },
    ],
  };
}

function sha256OfFile(file: string): string {
  const hash = createHash('sha256');
  const fd = openSync(file, 'r');
  const bytes = Buffer.alloc(2 ** 22);
  for (let read = readSync(fd, bytes); read > 0; read = readSync(fd, bytes)) hash.update(bytes.subarray(0, read));
  closeSync(fd);
  return hash.digest('hex');
}
