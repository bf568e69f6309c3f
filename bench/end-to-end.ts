/** A study of a million points from its spec to its folder, beside only inserting its rows, and beside an architect's script. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gridOf } from '../src/space/study.js';
import { medianOf, secondsOf, timingOf, type Check, type Outcome, type Timing } from './measure.js';
import { peerStudy } from './peer/export.js';
import { missingModules, runScript } from './peers.js';
import { inFolder, runProgram, writeSpec } from './program.js';
import { referenceSpec, studyOf } from './reference.js';

const MILLIONS = 1;
const ROUNDS = 3;

const INSERT_ROWS = fileURLToPath(new URL('./insert-rows.js', import.meta.url));

/** Room for the rows of a study as JavaScript values. */
const INSERT_HEAP_MB = 8192;

/** Seconds to insert the rows of a study, which are in memory, into a plain table. */
function insertSeconds(database: string, copy: string): number {
  const args = [`--max-old-space-size=${INSERT_HEAP_MB}`, INSERT_ROWS, database, copy];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`inserting rows failed: ${stderr}`);
  return Number(stdout);
}

export function endToEndBench(): Promise<Outcome> {
  return inFolder((folder) => {
    const spec = referenceSpec(MILLIONS);
    const study = studyOf(spec);
    const specFile = writeSpec(folder, spec);
    const exported = peerStudy(study);
    const missing = missingModules(['numpy', 'pandas']);
    const [ours, inserts, scripts]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      const out = join(folder, `study-${round}`);
      ours.push(secondsOf(() => runProgram(['run', specFile, '--out', out])));
      inserts.push(insertSeconds(join(out, 'study.db'), join(folder, `copy-${round}.db`)));
      if (!missing) scripts.push(secondsOf(() => runScript(exported, folder)));
    }
    const timing = (name: string, seconds: number[]): Timing =>
      timingOf(`end to end: ${name}`, 'points', gridOf(study).size, seconds);
    const ratio = (name: string, seconds: number[], passes: Check['passes']): Check => ({
      ...{ name, value: medianOf(seconds) / medianOf(ours), passes, unit: 'x' },
    });
    return {
      timings: [
        timing('delta-sweep run', ours),
        timing('inserting the same rows', inserts),
        ...(missing ? [] : [timing("an architect's script", scripts)]),
      ],
      checks: [
        ratio('inserting the same rows alone / delta-sweep run', inserts, 'at least'),
        ...(missing ? [] : [ratio("an architect's script / delta-sweep run", scripts, 'at least')]),
      ],
      notes: missing ? [`end to end: ${missing}`] : [],
    };
  });
}
