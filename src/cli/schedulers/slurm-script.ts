/** A study as a Slurm job array: the script of its tasks, and that of the merge that follows them. */
import { bashQuoted, bashWords } from './bash-text.js';
import type { ClusterJob } from './job.js';

export interface SlurmJob extends ClusterJob {
  /** The program and its first arguments. */
  program: readonly string[];
  /** The folder of the logs, which Slurm does not make. */
  logs: string;
  partition: string | undefined;
  account: string | undefined;
  /** Further options of sbatch: `--qos=low`, `-x node7`. */
  options: readonly string[];
}

/** The argument of the array's script where the merge is submitted together with it: its tasks then leave it alone. */
export const MERGE_SUBMITTED = 'merge-submitted';

/** Of the time limit, what is left for a chunk to end and the program to stop in order. */
const LAST_SECONDS = 60;

/** Slurm may give its signal a minute early: with less time than this a job would hardly begin. */
const SHORTEST_WITH_SIGNAL = 5 * LAST_SECONDS;

/** How often a job asks for more time: each time gets on, unless a chunk takes longer than the limit. */
const MAX_RESTARTS = 100;

/** A value of an option as sbatch reads it: in quotes, where a backslash escapes. */
const sbatchQuoted = (text: string) => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;

/** A file's path for `--output`, where `%` begins a symbol. */
const logPath = (logs: string, file: string) => `${logs.replaceAll('%', '%%')}/${file}`;

const directive = (option: string, value?: string) =>
  `#SBATCH --${option}${value === undefined ? '' : `=${/^[\w.:@%,+-]*$/.test(value) ? value : sbatchQuoted(value)}`}`;

/** An option of the user's: a value behind `=` is one value, whatever is in it. */
function passedOn(option: string): string {
  const [, name, value] = /^--([\w-]+)=(.*)$/.exec(option) ?? [];
  return name === undefined ? `#SBATCH ${option}` : directive(name, value);
}

/** What the array and the merge ask of Slurm alike. */
function commonDirectives({ cpus, memory, seconds, partition, account, options }: SlurmJob): string[] {
  const hasSignal = seconds === undefined || seconds >= SHORTEST_WITH_SIGNAL;
  return [
    ...(hasSignal ? [directive('signal', `B:USR1@${LAST_SECONDS}`)] : []),
    directive('ntasks', '1'),
    directive('cpus-per-task', String(cpus)),
    ...(memory ? [directive('mem', `${memory.amount}${memory.unit}`)] : []),
    ...(seconds === undefined ? [] : [directive('time', timeLimit(seconds))]),
    ...(partition === undefined ? [] : [directive('partition', partition)]),
    ...(account === undefined ? [] : [directive('account', account)]),
    directive('requeue'),
    directive('open-mode', 'append'),
    ...options.map(passedOn),
  ];
}

/** `hours:minutes:seconds`. */
function timeLimit(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** The program, by its own path, and a check that it is still the one that printed the script. */
function programLines({ program, version }: SlurmJob): string[] {
  return [
    `delta_sweep=(${bashWords(program)})`,
    'found=$("${delta_sweep[@]}" --version)',
    `if [[ $found != ${bashQuoted(version)} ]]; then`,
    `  echo "delta-sweep is $found now, and ${version} printed this script: print it again" >&2`,
    '  exit 1',
    'fi',
  ];
}

/** The rest of a script: a command that can be stopped, and resumes when it is run again. */
function workLines(command: string): string[] {
  return [
    `"\${delta_sweep[@]}" ${command} &`,
    'work=$!',
    '',
    '# Told to stop, by TERM or by USR1 shortly before the time is up, it stops after a chunk.',
    'told= out_of_time=',
    `trap 'told=yes; kill -TERM "$work" || true' TERM`,
    `trap 'told=yes out_of_time=yes; kill -TERM "$work" || true' USR1`,
    'until wait "$work" && code=0 || code=$?; [[ -z $told ]]; do told=; done',
    '',
    '# Out of time: the same job resumes as soon as Slurm has room for it.',
    `if [[ $code != 0 && -n $out_of_time && \${SLURM_RESTART_COUNT-0} -lt ${MAX_RESTARTS} ]]; then scontrol requeue "$SLURM_JOB_ID"; fi`,
    'exit "$code"',
    '',
  ];
}

/** The script of the merge, to be submitted with a dependency on the array. */
export function mergeScript(job: SlurmJob): string {
  return [
    '#!/bin/bash',
    `# Puts the ${job.tasks} shards together, or names those that are missing.`,
    directive('job-name', `${job.name}-merge`),
    directive('output', logPath(job.logs, '%j_merge.log')),
    ...commonDirectives(job),
    'set -euo pipefail',
    '',
    ...programLines(job),
    '',
    ...workLines(`merge ${bashQuoted(job.study)}`),
  ].join('\n');
}

/** Characters that a line of sbatch's, or the name of a log, has no way to hold. */
export const UNFIT_FOR_LOGS = /[\\\p{Cc}]/u;

/** The script of the array, which submits the merge by itself. */
export function arrayScript(job: SlurmJob): string {
  const { name, tasks, concurrent } = job;
  const all = `1-${tasks}${concurrent === undefined ? '' : `%${concurrent}`}`;
  return [
    '#!/bin/bash',
    `# A sweep in ${tasks} shards, each a task of a job array. With this script in job.sh:`,
    '#',
    '#   sbatch job.sh                  runs all shards, then the merge',
    '#   sbatch --array=3,7 job.sh      runs shards 3 and 7 again, then the merge',
    '#',
    '# A task that was stopped, killed or restarted resumes its shard; a finished one has nothing to do.',
    directive('job-name', name),
    directive('array', all),
    directive('output', logPath(job.logs, '%A_%a.log')),
    ...commonDirectives(job),
    'set -euo pipefail',
    '',
    ...programLines(job),
    '',
    '# The first task that can submits the merge; the folder says that one has. It follows once all tasks have ended, however they ended.',
    `submitted=${bashQuoted(job.logs)}"/$SLURM_ARRAY_JOB_ID.merge"`,
    `if [[ \${1-} != ${MERGE_SUBMITTED} ]] && mkdir "$submitted" 2>/dev/null; then`,
    '  sbatch --dependency="afterany:$SLURM_ARRAY_JOB_ID" <<\'END_OF_MERGE\' || {',
    `${mergeScript(job)}END_OF_MERGE`,
    '    rmdir "$submitted"',
    `    echo 'the merge could not be submitted from here: if no other task can, run it once all have ended' >&2`,
    '  }',
    'fi',
    '',
    ...workLines(
      `run ${bashQuoted(job.spec)} --out ${bashQuoted(job.study)} --shard "$SLURM_ARRAY_TASK_ID/${tasks}" --workers ${job.cpus}`,
    ),
  ].join('\n');
}
