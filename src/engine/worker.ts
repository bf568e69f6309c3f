/**
 * A pool thread: evaluates chunks, writes their Arrow parts, returns their rows, for SQLite too; reads stored chunks back; searches for a
 * front. The arrays are moved, not copied.
 */
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { writePart } from '../arrow/part-files.js';
import { PartEncoder } from '../arrow/part.js';
import { RowPageEncoder } from '../pages/row-pages.js';
import { PlaceSearch } from '../frontier/place-search.js';
import { bufferOf, columnsOf, storedColumns, type Batch } from '../space/columns.js';
import { frontsReader } from './chunk-fronts.js';
import { ChunkEvaluator } from './evaluate-chunk.js';
import { DesignEvaluator } from './evaluate-designs.js';
import { SharedTraffic } from './kernel/shared-traffic.js';
import type { Answer, ChunkTask, Searched, Task, WorkerData } from './messages.js';
import { PartReader } from './part-reader.js';
import type { Chunk } from './sink.js';

const { study, traffic, ids, question, partsFolder, brings } = workerData as WorkerData;
const staysHere = study.store === 'all' && brings !== 'rows';
const columns = columnsOf(study);
const encoder = new PartEncoder(columns);
const pages = new RowPageEncoder(storedColumns(columns));
const shared = traffic && new SharedTraffic(study, traffic, ids);
let evaluator: ChunkEvaluator | undefined;
let searcher: PlaceSearch | undefined;
let designs: DesignEvaluator | undefined;
let reader: PartReader | undefined;
/** What chunks add to the front, of one run: the next one may evaluate them again. */
let fronts: { run: number; of: ReturnType<typeof frontsReader> } | undefined;
/** Memory of rows that stay here, used again. */
let room: ArrayBuffer | undefined;

const NO_ROWS: Batch = { rows: 0, columns: [] };

function evaluateChunk(evaluator: ChunkEvaluator, task: ChunkTask): Chunk {
  if (!staysHere) return written(evaluator, evaluator.evaluate(task.chunk, task));
  const chunk = evaluator.evaluate(task.chunk, task, room);
  room = largerOf(room, bufferOf(chunk.batch));
  const front = brings === 'front' ? { front: fronts!.of(chunk.batch) } : {};
  return { ...written(evaluator, chunk), ...front, batch: NO_ROWS };
}

function search({ part, front }: Extract<Task, { task: 'search' }>): Searched {
  searcher ??= new PlaceSearch(study, question!);
  designs ??= new DesignEvaluator(study);
  const result = searcher.search(part, front);
  return { ...result, batch: designs.evaluate(result.found.ids) };
}

/** A chunk whose part is written, where parts are; with its rows as pages. */
function written(evaluator: ChunkEvaluator, chunk: Chunk): Chunk {
  if (partsFolder === undefined || chunk.batch.rows === 0) return chunk;
  const part = encoder.encode(evaluator.complete(chunk.batch));
  return { ...chunk, sha256: writePart(partsFolder, chunk.chunk, part), pages: pages.encode(chunk.batch) };
}

const largerOf = (a: ArrayBuffer | undefined, b: ArrayBuffer | undefined) =>
  (a?.byteLength ?? 0) >= (b?.byteLength ?? 0) ? a : b;

function answer(task: Task): Answer {
  if (task.task === 'traffic') {
    shared!.fill(task.index);
    return {};
  }
  if (task.task === 'search') return { searched: search(task) };
  if (task.task === 'read')
    return { part: (reader ??= new PartReader(study, task.facts, brings)).read(task.part, task.to) };
  const chunks = (evaluator ??= new ChunkEvaluator(study, task.facts, shared?.source));
  if (brings === 'front' && fronts?.run !== task.run) fronts = { run: task.run, of: frontsReader(study, task.facts) };
  return { chunks: task.chunks.map((chunk) => evaluateChunk(chunks, chunk)) };
}

/** System errors come back as answers: their codes would not survive the way between threads. */
function guarded(task: Task): Answer {
  try {
    return answer(task);
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined || code === undefined) throw error;
    return { failure: { code, message } };
  }
}

export default function work(task: Task): Answer {
  const result = guarded(task);
  return move({ [transferableSymbol]: buffersOf(result), [valueSymbol]: result }) as unknown as Answer;
}

/** The memory of rows, which moves with them. */
function buffersOf({ chunks = [], part }: Answer): ArrayBufferLike[] {
  const pages = [...chunks, ...(part?.rows ? [part.rows] : [])].flatMap((of) => of.pages ?? []);
  const arrays = [
    ...chunks.flatMap(({ batch }) => batch.columns),
    ...pages.flatMap(({ pages: bytes, lastIds }) => [bytes, lastIds]),
  ];
  return [...new Set(arrays.map((array) => array.buffer))];
}
