/** A pool thread: evaluates chunks, writes their Arrow parts, returns their rows, for SQLite too; the arrays are moved, not copied. */
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { writePart } from '../arrow/part-files.js';
import { PartEncoder } from '../arrow/part.js';
import { RowPageEncoder } from '../pages/row-pages.js';
import { columnsOf, storedColumns } from '../space/columns.js';
import { PlaceSearch } from '../frontier/place-search.js';
import { ChunkEvaluator } from './evaluate-chunk.js';
import { DesignEvaluator } from './evaluate-designs.js';
import { SharedTraffic } from './kernel/shared-traffic.js';
import type { Answer, Searched, Task, WorkerData } from './messages.js';
import type { Chunk } from './sink.js';

const { study, traffic, question, partsFolder } = workerData as WorkerData;
const columns = columnsOf(study);
const encoder = new PartEncoder(columns);
const pages = new RowPageEncoder(storedColumns(columns));
const shared = traffic && new SharedTraffic(study, traffic);
let evaluator: ChunkEvaluator | undefined;
let searcher: PlaceSearch | undefined;
let designs: DesignEvaluator | undefined;

function evaluateChunk(task: Extract<Task, { task: 'chunk' }>): Chunk {
  evaluator ??= new ChunkEvaluator(study, task.facts, shared?.source);
  const chunk = evaluator.evaluate(task.chunk, task, task.room);
  if (partsFolder === undefined || chunk.batch.rows === 0) return chunk;
  const part = encoder.encode(evaluator.complete(chunk.batch));
  return { ...chunk, sha256: writePart(partsFolder, task.chunk, part), pages: pages.encode(chunk.batch) };
}

function search({ part, front }: Extract<Task, { task: 'search' }>): Searched {
  searcher ??= new PlaceSearch(study, question!);
  designs ??= new DesignEvaluator(study);
  const result = searcher.search(part, front);
  return { ...result, batch: designs.evaluate(result.found.ids) };
}

function answer(task: Task): Answer {
  if (task.task === 'chunk') return { chunk: evaluateChunk(task) };
  if (task.task === 'search') return { searched: search(task) };
  shared!.fill(task.index);
  return {};
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
  return move({ [transferableSymbol]: buffersOf(result.chunk), [valueSymbol]: result }) as unknown as Answer;
}

/** The memory of a chunk's rows, which moves with it. */
function buffersOf(chunk: Chunk | undefined): ArrayBufferLike[] {
  if (!chunk) return [];
  const arrays = [...chunk.batch.columns, ...(chunk.pages ? [chunk.pages.pages, chunk.pages.lastIds] : [])];
  return [...new Set(arrays.map((array) => array.buffer))];
}
