/** The file of the pool's threads: they evaluate chunks and, where all points are stored, write their rows. */
import { workerData } from 'piscina';
import type { Answer, Task, WorkerData } from '../engine/messages.js';
import { Thread } from '../engine/thread.js';
import { importStudyModel } from '../space/files/model-file.js';
import { chunkWriter } from './run/chunk-writer.js';

const data = workerData as WorkerData;
const { study, chunksFolder } = data;

async function startThread(): Promise<Thread> {
  await importStudyModel(study);
  return new Thread(data, chunksFolder === undefined ? undefined : chunkWriter(chunksFolder, study));
}

let thread: Promise<Thread> | undefined;

export default async function work(task: Task): Promise<Answer> {
  return (await (thread ??= startThread())).work(task);
}
