/** A study of a million points from its spec to its folder, beside only inserting its rows, and beside an architect's script. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
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
const INSERT_BAR = 1.3;
const SCRIPT_BAR = 4;

const INSERT_ROWS = fileURLToPath(new URL('./insert-rows.js', import.meta.url));

/** Room for the rows of a study as JavaScript values. */
const INSERT_HEAP_MB = 8192;

/** Seconds to insert the rows of a study, which are in memory, into a plain table: all columns, or those that `run` stores. */
function insertSeconds(database: string, columns: 'all' | 'stored'): number {
  const copy = `${database}.copy`;
  rmSync(copy, { force: true });
  const args = [`--max-old-space-size=${INSERT_HEAP_MB}`, INSERT_ROWS, database, copy, columns];
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
    const [ours, all, stored, scripts]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      const out = join(folder, `study-${round}`);
      ours.push(secondsOf(() => runProgram(['run', specFile, '--out', out])));
      all.push(insertSeconds(join(out, 'study.db'), 'all'));
      stored.push(insertSeconds(join(out, 'study.db'), 'stored'));
      if (!missing) scripts.push(secondsOf(() => runScript(exported, folder)));
    }
    const timing = (name: string, seconds: number[]): Timing =>
      timingOf(`end to end: ${name}`, 'points', gridOf(study).size, seconds);
    const check = (name: string, value: number, passes: Check['passes'], bar: number): Check => ({
      ...{ name, value, passes, bar, unit: 'x' },
    });
    const us = medianOf(ours);
    return {
      timings: [
        timing('delta-sweep run', ours),
        timing('inserting all columns of the rows', all),
        timing('inserting the columns that are stored', stored),
        ...(missing ? [] : [timing("an architect's script", scripts)]),
      ],
      checks: [
        check('delta-sweep run / inserting all columns', us / medianOf(all), 'at most', INSERT_BAR),
        check('delta-sweep run / inserting stored columns', us / medianOf(stored), 'at most', INSERT_BAR),
        ...(missing
          ? []
          : [check("an architect's script / delta-sweep run", medianOf(scripts) / us, 'at least', SCRIPT_BAR)]),
      ],
      notes: missing ? [`end to end: ${missing}`] : [],
    };
  });
}
