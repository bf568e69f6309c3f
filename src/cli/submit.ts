/** `slurm --submit`: the array and its merge, handed to sbatch. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { writeDurably } from '../arrow/durable.js';
import { bashQuoted } from '../cluster/bash-text.js';
import { arrayScript, MERGE_SUBMITTED, mergeScript, type SlurmJob } from '../cluster/slurm-script.js';
import { inputError, oneLine, runError } from '../errors.js';
import { note, printLine } from './output.js';

/** Submits a script, and returns the id of its job. */
function sbatch(script: string, options: readonly string[], environment: Record<string, string> = {}): string {
  const { error, status, stdout, stderr } = spawnSync('sbatch', ['--parsable', ...options], {
    input: script,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw inputError({
      what: '--submit: there is no sbatch here',
      expected: 'a machine from which Slurm takes jobs; without --submit the script is printed',
    });
  if (error ?? status !== 0) throw runError(`sbatch failed: ${oneLine(error?.message ?? stderr).trim()}`, error);
  const [id = ''] = stdout.trim().split(';'); // behind it may come a cluster's name
  return id;
}

/** Submits a job's array and merge, and says what to do next. The script is kept beside the logs, to submit shards of it again. */
export async function submit(job: SlurmJob): Promise<void> {
  const script = arrayScript(job);
  const file = join(job.logs, `${job.name.replaceAll('/', '-')}.sh`);
  writeDurably(file, script);
  const array = sbatch(script, [], { [MERGE_SUBMITTED]: 'yes' });
  await printLine(`job ${array}: ${job.tasks} shards, tasks 1 to ${job.tasks}`);
  const merge = sbatch(mergeScript(job), [`--dependency=afterany:${array}`]);
  await printLine(`job ${merge}: the merge, once all tasks have ended`);
  note(`how far they are: delta-sweep status ${bashQuoted(job.study)}`);
  note(`shards that it names, say 3 and 7, again: sbatch --array=3,7 ${bashQuoted(file)}`);
}
