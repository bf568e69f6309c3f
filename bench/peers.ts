/** Runs the peers of bench/peer/: the same equations over the same grid, in numpy and in C. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../src/package-root.js';
import { flatStudy, type PeerStudy } from './peer/export.js';

const peerFile = (name: string) => fileURLToPath(new URL(`bench/peer/${name}`, PACKAGE_ROOT));

/** The Python that has numpy and pandas: the system's, or another one by PEER_PYTHON. */
export const PYTHON = process.env['PEER_PYTHON'] ?? '/usr/bin/python3';

/** The peers have one thread, as the kernel has; OpenBLAS, which none of them uses, must not start others. */
const ONE_THREAD = { ...process.env, OPENBLAS_NUM_THREADS: '1' };

export interface PeerRun {
  seconds: number[];
  timesMs: Float64Array;
}

/** A peer on one study: it can be run again and again. */
export interface Peer {
  name: string;
  run: (runs: number) => PeerRun;
}

/** Peers that this machine can run, and a line for each of the others that says why not. */
export interface Peers {
  peers: Peer[];
  missing: string[];
  close: () => void;
}

/** What a command prints; undefined where there is no such command, or it fails. */
export function outputOf(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', env: ONE_THREAD });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs a command that has to succeed; what it prints. */
function mustRun(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env: ONE_THREAD });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** The widest vectors of this processor that gcc knows. */
function widestVectors(): string {
  const macros = outputOf('gcc', ['-march=native', '-dM', '-E', '-x', 'c', '/dev/null']) ?? '';
  return macros.includes('__AVX512F__') ? 'AVX-512' : macros.includes('__AVX2__') ? 'AVX2' : 'native';
}

const flagSets = () => [
  { name: 'C, no vectors', flags: ['-O3', '-fno-tree-vectorize', '-fno-tree-slp-vectorize'] },
  { name: `C, ${widestVectors()}`, flags: ['-O3', '-march=native', '-ffast-math'] },
];

/** Why no script that needs these modules can run; undefined if one can. */
export function missingModules(modules: readonly string[]): string | undefined {
  const missing = modules.find((module) => outputOf(PYTHON, ['-c', `import ${module}`]) === undefined);
  return missing && `no ${missing}: ${PYTHON} cannot import it (PEER_PYTHON names another Python)`;
}

/** Runs the architect's script on an exported study; `folder` gets `points.csv` and `points.db`. */
export function runScript(study: PeerStudy, folder: string): void {
  const file = join(folder, 'study.json');
  writeFileSync(file, JSON.stringify(study));
  mustRun(PYTHON, [peerFile('architect_script.py'), file, folder]);
}

/** Readies the peers for a study; `close` removes their files. */
export function openPeers(study: PeerStudy): Peers {
  const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-peers-'));
  const file = (name: string) => join(folder, name);
  const peer = (name: string, command: string, args: readonly string[]): Peer => ({
    name,
    run: (runs) => {
      const printed = mustRun(command, [...args, file('times'), String(runs)]);
      const { buffer, byteOffset, length } = readFileSync(file('times'));
      return {
        seconds: printed.trim().split('\n').map(Number),
        timesMs: new Float64Array(buffer.slice(byteOffset, byteOffset + length)),
      };
    },
  });
  const peers: Peer[] = [];
  const missing: string[] = [];
  const noNumpy = missingModules(['numpy']);
  if (noNumpy) missing.push(noNumpy);
  else {
    writeFileSync(file('study.json'), JSON.stringify(study));
    peers.push(peer('numpy', PYTHON, [peerFile('numpy_sweep.py'), file('study.json')]));
  }
  if (outputOf('gcc', ['--version']) === undefined) missing.push('no C: gcc is not there');
  else {
    writeFileSync(file('study.f64'), new Uint8Array(flatStudy(study).buffer));
    flagSets().forEach(({ name, flags }, i) => {
      const program = file(`kernel-${i}`);
      mustRun('gcc', [...flags, peerFile('kernel.c'), '-o', program, '-lm']);
      peers.push(peer(name, program, [file('study.f64')]));
    });
  }
  return { peers, missing, close: () => rmSync(folder, { recursive: true }) };
}

/** The largest relative difference between two lists of numbers; infinite where one is not a number. */
export function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] === b[i] ? 0 : Math.abs(a[i]! - b[i]!) / Math.abs(b[i]!);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return worst;
}

/** How far results may be apart, relatively: further apart, no timing counts. */
export const TOLERANCE = 1e-9;

/** Throws where a peer's times differ from ours. */
export function mustAgree(name: string, timesMs: ArrayLike<number>, ours: ArrayLike<number>): void {
  const worst = worstDifference(timesMs, ours);
  if (!(worst <= TOLERANCE)) throw new Error(`${name} and the kernel differ by ${worst}`);
}
