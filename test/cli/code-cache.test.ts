/** The code caches of dist/cli: this Node takes them, and one that it cannot take changes nothing but time. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import codeCache from '../../src/start/code-cache.cjs';
import { PACKAGE_ROOT, start } from '../helpers/command.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const BUNDLES = ['command.js', 'thread.js'];

const SPEC = {
  name: 'tiny',
  baseline: 'v100',
  workloads: [{ network: 'alexnet', batch: 2 }],
  axes: { sm_count: { scale: [1, 2] } },
};

/** A copy of the package, whose caches may be damaged. */
function copyPackage(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'dist'));
  cpSync(join(PACKAGE_ROOT, 'dist/cli'), join(folder, 'dist/cli'), { recursive: true });
  copyFileSync(join(PACKAGE_ROOT, 'package.json'), join(folder, 'package.json'));
  for (const name of ['sweeps', 'node_modules', 'dist/src']) symlinkSync(join(PACKAGE_ROOT, name), join(folder, name));
  writeFileSync(join(folder, 'tiny.json'), JSON.stringify(SPEC));
  return folder;
}

/** The caches of a package: of the command, and of its threads. */
function cachesOf(folder: string): string[] {
  const files = readdirSync(join(folder, 'dist/cli')).filter((name) => name.endsWith('.cache'));
  return files.sort().map((name) => join(folder, 'dist/cli', name));
}

/** What a package's command prints when it runs a study, with these options of Node; without the time that took. */
async function runStudy(folder: string, ...options: string[]): Promise<object> {
  const words = [
    ...options,
    join(folder, 'dist/cli/main.js'),
    'run',
    'tiny.json',
    '--workers',
    '1',
    '--out',
    'tiny',
    '--json',
  ];
  const { code, stdout, stderr } = await start(process.execPath, words, folder).outcome;
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  const { seconds, ...found } = JSON.parse(stdout) as { seconds: number };
  expect(seconds).toBeGreaterThan(0);
  return found;
}

/** Whether V8 takes the caches of a package's bundles. */
function taken(folder: string): boolean[] {
  const scripts = BUNDLES.map((name) => codeCache.compileBundle(join(folder, 'dist/cli', name)));
  return scripts.map(({ cachedDataRejected }) => cachedDataRejected === false);
}

/** Changes the bytes of each cache of a package. */
function change(folder: string, changed: (bytes: Buffer) => Buffer): void {
  for (const file of cachesOf(folder)) writeFileSync(file, changed(readFileSync(file)));
}

/** Each cache of a package becomes the other one. */
function swap(folder: string): void {
  const files = cachesOf(folder);
  const bytes = files.map((file) => readFileSync(file));
  files.forEach((file, i) => writeFileSync(file, bytes.at(i - 1)!));
}

/** A byte in the middle becomes another one. */
function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
}

let expected: object;
beforeAll(async () => {
  expected = await runStudy(copyPackage());
});

describe('the code caches', () => {
  it('are taken by the Node that built them', () => {
    expect(cachesOf(PACKAGE_ROOT)).toHaveLength(BUNDLES.length);
    expect(taken(PACKAGE_ROOT)).toEqual([true, true]);
  });

  it.each<[string, (folder: string) => void]>([
    ['cut short', (folder) => change(folder, (bytes) => bytes.subarray(0, bytes.length >> 1))],
    ['damaged by one bit', (folder) => change(folder, flipped)],
    ["one another's", swap],
  ])('are not taken and change nothing where they are %s', async (_, damage) => {
    const folder = copyPackage();
    damage(folder);
    expect(taken(folder)).toEqual([false, false]);
    await expect(runStudy(folder)).resolves.toEqual(expected);
  });

  it('change nothing where they are missing, and are written by nobody but the build', async () => {
    const folder = copyPackage();
    cachesOf(folder).forEach((file) => rmSync(file));
    await expect(runStudy(folder)).resolves.toEqual(expected);
    expect(cachesOf(folder)).toEqual([]);
  });

  it('change nothing for a Node with other options, whose V8 refuses them', async () => {
    await expect(runStudy(copyPackage(), '--stack-size=900')).resolves.toEqual(expected);
  });
});
