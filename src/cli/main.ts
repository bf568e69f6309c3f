/** The command line. Commands load what they need when they run, so that help is quick. */
import yargs, { type CommandModule, type FallbackCompletionFunction } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { DeltaSweepError, oneLine, type ErrorCode } from '../errors.js';
import { checkCommand } from './commands/check.js';
import { completionCommand } from './commands/completion.js';
import { diffCommand } from './commands/diff.js';
import { explainCommand } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { frontierCommand } from './commands/frontier.js';
import { gpusCommand } from './commands/gpus.js';
import { mergeCommand } from './commands/merge.js';
import { networksCommand } from './commands/networks.js';
import { paretoCommand } from './commands/pareto.js';
import { planCommand } from './commands/plan.js';
import { queryCommand } from './commands/query.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { sensitivityCommand } from './commands/sensitivity.js';
import { slurmCommand } from './commands/slurm.js';
import { statusCommand } from './commands/status.js';
import { traceCommand } from './commands/trace.js';
import { validateCommand } from './commands/validate.js';
import { COMPLETION_FLAG } from './completion-scripts.js';
import { WIDTH } from './output.js';
import { toolVersion } from '../study/version.js';

const COMMANDS = [
  runCommand,
  planCommand,
  explainCommand,
  mergeCommand,
  statusCommand,
  slurmCommand,
  frontierCommand,
  paretoCommand,
  sensitivityCommand,
  diffCommand,
  queryCommand,
  exportCommand,
  reportCommand,
  checkCommand,
  gpusCommand,
  networksCommand,
  validateCommand,
  traceCommand,
  completionCommand,
] as CommandModule[];

const EXIT_CODES: Record<ErrorCode, number> = { input: 1, run: 2, interrupted: 130 };

const isCompleting = process.argv.includes(COMPLETION_FLAG);

/** A command that does nothing: yargs runs it while it waits for the answer to the shell. */
const unrun = (command: (typeof COMMANDS)[number]) => ({ ...command, handler: () => undefined }) as CommandModule;

/** Answers the shell, which asks for what may follow the words so far. */
const completion: FallbackCompletionFunction = (_, argv: { _: (string | number)[] }, offerOthers, done) => {
  const answer = async () => {
    const { complete } = await import('./complete.js');
    const commands = COMMANDS.map(({ command }) => String(command));
    const words = process.argv.slice(process.argv.indexOf(COMPLETION_FLAG) + 1);
    const names = complete(commands, words, argv._.map(String));
    if (names) done(names);
    else offerOthers();
  };
  answer().catch(fail);
};

/** The command that was asked for, and a space; nothing where there is no such command. */
function commandAsked(): string {
  const names = COMMANDS.map(({ command }) => String(command).split(' ')[0]!);
  const word = hideBin(process.argv).find((word) => !word.startsWith('-'));
  return word !== undefined && names.includes(word) ? `${word} ` : '';
}

/** One line on stderr, and the exit code; the stack only where DEBUG asks for it. */
function fail(error: unknown): void {
  const known = error instanceof DeltaSweepError;
  const message = oneLine(String((error as Error).message ?? error));
  process.stderr.write(`delta-sweep: ${known ? '' : 'unexpected failure: '}${message}\n`);
  if (process.env['DEBUG'] === 'delta-sweep') process.stderr.write(`${String((error as Error).stack)}\n`);
  process.exitCode = known ? EXIT_CODES[error.code] : 2;
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** Runs the command that the words name. */
async function main(): Promise<void> {
  await yargs(hideBin(process.argv))
    .scriptName('delta-sweep')
    .usage(
      '$0 <command>\n\nWhich mix of SMs, caches and bandwidths makes CNN training faster, and which silicon would sit idle.',
    )
    .command(isCompleting ? COMMANDS.map(unrun) : COMMANDS)
    .completion('yargs-completion', false, completion) // its own scripts do not know how bash cuts `--gpu=`
    .demandCommand(1, 'a command is missing')
    .strict()
    .recommendCommands()
    .version(toolVersion())
    .help()
    .alias('help', 'h')
    .wrap(WIDTH)
    .epilogue('delta-sweep <command> --help explains a command.')
    .exitProcess(true)
    .fail((message, error) => {
      if (isCompleting) return; // what is not there yet is no fault
      if (error && error.name !== 'YError') throw error; // a YError is yargs' own: its message says what is wrong
      const what = message.charAt(0).toLowerCase() + message.slice(1).replace(/\s*[\r\n]+\s*/g, ', ');
      throw new DeltaSweepError('input', [{ what: `${what} (see delta-sweep ${commandAsked()}--help)` }]);
    })
    .parseAsync();
}

/** Nothing is left to happen, and yet the command is not done: a fault of its own. */
const onStall = () => fail(new Error('the command waits for something that cannot come'));

process.once('beforeExit', onStall);
void main()
  .catch(fail)
  .finally(() => process.off('beforeExit', onStall));
