/** Rows into `study.db`: by the thread that evaluated them, and by the writer of a run; and the recipes of `query`. */
import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chunkRange, chunkCount } from '../src/engine/chunks.js';
import { ChunkEvaluator } from '../src/engine/evaluate-chunk.js';
import { factsOf } from '../src/engine/facts.js';
import { columnsOf } from '../src/space/columns.js';
import { gridOf } from '../src/space/study.js';
import { chunkDatabaseFile, writeChunkDatabase } from '../src/storage/database/chunk-database.js';
import { RECIPES } from '../src/storage/read/recipes.js';
import { StudyRun } from '../src/storage/run/study-run.js';
import { medianOf, secondsOf, timingOf, type Outcome } from './measure.js';
import { inFolder, runProgram, writeSpec } from './program.js';
import { referenceSpec, studyOf } from './reference.js';

const MILLIONS = 1;
const ROUNDS = 3;
const WRITER_BAR_US = 1;

/** Seconds of the threads, of the writer, and of the writer's inserts alone, for all chunks of a study. */
async function writeSeconds(folder: string): Promise<Record<'threads' | 'writer' | 'inserts', number>> {
  const study = studyOf(referenceSpec(MILLIONS));
  const columns = columnsOf(study);
  const facts = factsOf(study);
  const evaluator = new ChunkEvaluator(study, facts);
  const run = new StudyRun(join(folder, 'written'), study, { toolVersion: 'bench' });
  run.begin(facts);
  const plain = new Database(join(folder, 'plain.db'));
  plain.pragma('journal_mode = OFF');
  plain.pragma('synchronous = OFF');
  const { size } = gridOf(study);
  const seconds = { threads: 0, writer: 0, inserts: 0 };
  for (let chunk = 0; chunk < chunkCount(size, run.chunkPoints); chunk++) {
    const evaluated = evaluator.evaluate(chunk, chunkRange(chunk, size, run.chunkPoints));
    const file = chunkDatabaseFile(run.chunksFolder!, chunk);
    seconds.threads += secondsOf(() => writeChunkDatabase(run.chunksFolder!, chunk, columns, evaluated.batch));
    plain.prepare('ATTACH ? AS source').run(file);
    if (chunk === 0) {
      const table = plain.prepare("SELECT sql FROM source.sqlite_schema WHERE name = 'evaluated'").pluck();
      plain.exec(table.get() as string);
    }
    const names = plain
      .prepare("SELECT group_concat(name) FROM pragma_table_info('evaluated')")
      .pluck()
      .get() as string;
    const insert = plain.prepare(`INSERT INTO main.evaluated (${names}) SELECT ${names} FROM source.evaluated`);
    seconds.inserts += secondsOf(() => insert.run());
    plain.exec('DETACH source');
    const start = performance.now();
    await run.append(evaluated);
    seconds.writer += (performance.now() - start) / 1000;
  }
  plain.close();
  run.stop();
  for (const name of ['written', 'plain.db']) rmSync(join(folder, name), { recursive: true });
  return seconds;
}

/** Seconds of each recipe on a stored study. */
function recipeSeconds(file: string): Map<string, number[]> {
  const db = new Database(file, { readonly: true });
  const seconds = new Map<string, number[]>(RECIPES.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const { name, sql, parameters } of RECIPES) {
      const values = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
      seconds.get(name)!.push(secondsOf(() => void db.prepare(sql).all(values)));
    }
  db.close();
  return seconds;
}

export function databaseBench(): Promise<Outcome> {
  return inFolder(async (folder) => {
    const spec = referenceSpec(MILLIONS);
    const rows = gridOf(studyOf(spec)).size;
    const rounds: Awaited<ReturnType<typeof writeSeconds>>[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await writeSeconds(folder));
    const of = (what: 'threads' | 'writer' | 'inserts') => rounds.map((seconds) => seconds[what]);
    const timing = (name: string, seconds: readonly number[]) => timingOf(name, 'rows', rows, seconds);
    runProgram(['run', writeSpec(folder, spec), '--out', join(folder, 'study')]);
    const recipes = recipeSeconds(join(folder, 'study', 'study.db'));
    const perRow = (name: string, seconds: readonly number[], bar?: number) => ({
      ...{ name, value: (medianOf(seconds) / rows) * 1e6, unit: 'us', passes: 'at most' as const },
      ...(bar === undefined ? {} : { bar }),
    });
    return {
      timings: [
        timing('rows into the databases of chunks, by one thread', of('threads')),
        timing('rows into study.db, by the writer', of('inserts')),
        timing('chunks into study.db, with lines and durable commits', of('writer')),
        ...[...recipes].map(([name, seconds]) => timing(`recipe ${name}`, seconds)),
      ],
      checks: [
        perRow('a row into the database of its chunk', of('threads')),
        perRow('a row into study.db', of('inserts'), WRITER_BAR_US),
        perRow('a row of a chunk into study.db, with its durable commit', of('writer')),
      ],
    };
  });
}
