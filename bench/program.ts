/** The built program, as a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SweepSpec } from '../src/space/study.js';

export const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** Runs the program, which has to succeed; what it prints goes nowhere. */
export function runProgram(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`delta-sweep ${args.join(' ')} failed: ${stderr}`);
}

/** How often the memory of a process is looked at; it only ever grows. */
const POLL_MS = 20;

/** Runs the program; the most memory that it has had, in bytes. Linux alone says it. */
export async function peakMemoryOf(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const poll = setInterval(() => (peak = Math.max(peak, highWaterMark(child.pid!))), POLL_MS);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(poll);
  if (code !== 0) throw new Error(`delta-sweep ${args.join(' ')} failed`);
  return peak;
}

function highWaterMark(pid: number): number {
  try {
    const kib = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return 1024 * Number(kib ?? 0);
  } catch {
    return 0; // it has ended
  }
}

/** A folder for the time of a piece of work. */
export async function inFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a spec into a folder; its path. */
export function writeSpec(folder: string, spec: SweepSpec): string {
  const path = join(folder, `${spec.name}.yaml`);
  writeFileSync(path, JSON.stringify(spec, null, 2));
  return path;
}
