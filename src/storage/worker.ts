/** The file of the pool's threads: they evaluate chunks and, where all points are stored, write their rows. */
import { workerData } from 'piscina';
import type { Answer, Task, WorkerData } from '../engine/messages.js';
import { Thread } from '../engine/thread.js';
import { chunkWriter } from './run/chunk-writer.js';

const data = workerData as WorkerData;
const { study, chunksFolder } = data;
const thread = new Thread(data, chunksFolder === undefined ? undefined : chunkWriter(chunksFolder, study));

export default function work(task: Task): Answer {
  return thread.work(task);
}
