/** The built command, run as users run it. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MAIN = join(PACKAGE_ROOT, 'dist/cli/main.js');

export interface Outcome {
  code: number | null;
  /** What killed it. */
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** What stdout holds, where it is no text. */
  bytes: Buffer;
}

export interface RunningCommand {
  outcome: Promise<Outcome>;
  kill: (signal: NodeJS.Signals) => void;
}

/** Starts a program and gathers what it prints. */
export function start(program: string, args: readonly string[], cwd: string, env = process.env): RunningCommand {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const bytes = Buffer.concat(stdout);
      resolve({ code, signal, stdout: bytes.toString(), stderr: Buffer.concat(stderr).toString(), bytes });
    });
  });
  return { outcome, kill: (signal) => child.kill(signal) };
}

/** Starts `delta-sweep` with these arguments. */
export function startDeltaSweep(args: readonly string[], cwd = PACKAGE_ROOT): RunningCommand {
  return start(process.execPath, [MAIN, ...args], cwd);
}

/** Every command, by the files that declare them. */
export const COMMANDS = readdirSync(join(PACKAGE_ROOT, 'src/cli/commands')).map((file) => basename(file, '.ts'));

/** The one example of a help text, which is on one line so that it can be copied. */
export function exampleOf(help: string): string {
  const line = /\nExamples:\n {2}(delta-sweep .*)\n$/.exec(help)?.[1];
  if (line === undefined) throw new Error(`no example on one line in: ${help}`);
  return line.split(/ {2,}/)[0]!;
}

/** Runs `delta-sweep` to its end. */
export function deltaSweep(args: readonly string[], cwd = PACKAGE_ROOT): Promise<Outcome> {
  return startDeltaSweep(args, cwd).outcome;
}

/** What a command prints to stdout; throws if it fails. */
export async function printed(args: readonly string[], cwd = PACKAGE_ROOT): Promise<string> {
  const { code, stdout, stderr } = await deltaSweep(args, cwd);
  if (code !== 0) throw new Error(`delta-sweep ${args.join(' ')}: exit code ${code}: ${stderr}`);
  return stdout;
}

/** The JSON that a command prints. */
export async function printedJson<T>(args: readonly string[], cwd = PACKAGE_ROOT): Promise<T> {
  return JSON.parse(await printed(args, cwd)) as T;
}
