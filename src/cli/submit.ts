/** `slurm --submit`: the array and its merge, handed to sbatch. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { writeDurably } from '../storage/folder/durable.js';
import { bashQuoted } from './schedulers/bash-text.js';
import { arrayScript, MERGE_SUBMITTED, mergeScript, type SlurmJob } from './schedulers/slurm-script.js';
import { inputError, oneLine, runError } from '../errors.js';
import { note, printLine } from './output.js';

/** Submits a script, which `args` name or `input` is, and returns the id of its job. */
function sbatch(args: readonly string[], input = ''): string {
  const { error, status, signal, stdout, stderr } = spawnSync('sbatch', ['--parsable', ...args], {
    input,
    encoding: 'utf8',
  });
  const fault = (error as NodeJS.ErrnoException | undefined)?.code;
  if (fault === 'ENOENT')
    throw inputError({
      what: '--submit: there is no sbatch here',
      expected: 'a machine from which Slurm takes jobs; without --submit the script is printed',
    });
  // One that ends before it has read the script (EPIPE) says itself what it took or why not.
  if (fault !== undefined && fault !== 'EPIPE') throw runError(`sbatch failed: ${oneLine(error!.message)}`, error);
  if (status !== 0) throw runError(`sbatch failed: ${oneLine(stderr).trim() || `it ended with ${status ?? signal}`}`);
  const [id = ''] = stdout.trim().split(';'); // behind it may come a cluster's name
  return id;
}

/** Submits a job's array and merge, and says what to do next. The script is kept beside the logs, to submit shards of it again. */
export async function submit(job: SlurmJob): Promise<void> {
  const file = join(job.logs, `${job.name.replaceAll('/', '-')}.sh`);
  writeDurably(file, arrayScript(job));
  const array = sbatch([file, MERGE_SUBMITTED]);
  await printLine(`job ${array}: ${job.tasks} shards, tasks 1 to ${job.tasks}`);
  const merge = submitMerge(job, array);
  await printLine(`job ${merge}: the merge, once all tasks have ended`);
  note(`how far they are: delta-sweep status ${bashQuoted(job.study)}`);
  note(`shards that it names, say 3 and 7, again: sbatch --array=3,7 ${bashQuoted(file)}`);
}

/** Submits the merge that follows an array. Where Slurm refuses it, the array runs all the same, and the error says what is left to do. */
function submitMerge(job: SlurmJob, array: string): string {
  try {
    return sbatch([`--dependency=afterany:${array}`], mergeScript(job));
  } catch (error) {
    const toDo = `once it has ended: delta-sweep merge ${bashQuoted(job.study)}`;
    throw runError(`job ${array} runs without a merge (${(error as Error).message}); ${toDo}`, error);
  }
}
