/** Files made to break the command: exit code 1, one line with a place, soon, and nothing left behind. */
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import { startDeltaSweep } from '../helpers/command.js';
import { HEADER } from '../helpers/measured.js';
import { TINY, writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const onUnix = process.platform === 'win32' ? it.skip : it;

/** Longer than any refusal takes, on a slow machine too. */
const HANG_MS = 30_000;

/** One line on stderr that matches, nothing on stdout, exit code 1, and the folder as it was. */
async function expectRefusal(args: readonly string[], folder: string, message: RegExp): Promise<void> {
  const before = readdirSync(folder, { recursive: true }).sort();
  const { outcome, kill } = startDeltaSweep(args, folder);
  const timer = setTimeout(() => kill('SIGKILL'), HANG_MS);
  const { code, signal, stdout, stderr } = await outcome;
  clearTimeout(timer);
  expect({ code, signal, stdout }).toEqual({ code: 1, signal: null, stdout: '' });
  expect(stderr).toMatch(/^delta-sweep: [^\n]{1,2000}\n$/);
  expect(stderr).toMatch(message);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
}

/** A file of a number of bytes, all zero, that takes no room. */
function writeZeros(path: string, bytes: number): void {
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, bytes);
  closeSync(descriptor);
}

const LAUGHS = [
  'a0: &a0 [x]',
  ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
];

describe('a study cannot leave the results folder:', () => {
  it.each([
    ['../../x', /sweep\.yaml:2: name: not allowed, got "\.\.\/\.\.\/x"/],
    ['..', /:2: name: not allowed, got "\.\."/],
    ['.', /:2: name: not allowed/],
    ['/tmp/x', /:2: name: not allowed, got "\/tmp\/x"/],
    ['a/b', /:2: name: not allowed/],
    ['a\\b', /:2: name: not allowed/],
    ['C:', /:2: name: not allowed/],
    ['--fresh', /:2: name: not allowed/],
    ['', /:2: name: not allowed/],
    ['a\u0000', /:2: name: not allowed/],
    ['x\n', /:2: name: not allowed/],
    ['x'.repeat(100_000), /:2: name: too long, got "x{59}…, expected at most 64 characters/],
  ])('name %j', async (name, message) => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'results'));
    await expectRefusal(['run', writeSpec(folder, { ...TINY, name })], folder, message);
  });
});

describe('a spec that is hostile is refused:', () => {
  it.each<[string, string | SweepSpec, RegExp]>([
    [
      'a million aliases',
      `a: &a 1\nb: [${'*a,'.repeat(1e6)}]`,
      /sweep\.yaml:2: too long, expected at most 1000000 YAML/,
    ],
    [
      'a thousand aliases',
      `a: &a 1\nb: [${'*a,'.repeat(1e3)}]`,
      /sweep\.yaml:2: too many aliases, expected at most 100/,
    ],
    ['a billion laughs', LAUGHS.join('\n'), /sweep\.yaml: not valid YAML: Excessive alias count/],
    ['nested brackets', '['.repeat(4e6), /sweep\.yaml:1: nested too deeply, expected at most 32 levels/],
    ['nested dashes', '- '.repeat(2e6), /sweep\.yaml:1: nested too deeply/],
    ['nested JSON', '{"name":'.repeat(4e5), /sweep\.yaml:1: nested too deeply/],
    ['millions of faults', `"${'\\q'.repeat(2e6)}"`, /sweep\.yaml:1: not valid YAML: Invalid escape sequence/],
    ['nested parentheses', { ...TINY, constraints: ['('.repeat(1e4)] }, /constraints\[0\]: too long.* 1000 characters/],
    ['nested parentheses of fewer', { ...TINY, constraints: ['('.repeat(500)] }, /constraints\[0\]: cannot be read/],
    [
      'a pattern of exponential time',
      { ...TINY, constraints: ['"aaa".matches("(a+)+$")'] },
      /unknown function 'matches'/,
    ],
    [
      'many objectives that are none',
      { ...TINY, objectives: { minimize: Array.from({ length: 2e5 }, (_, i) => `m${i}`) } },
      /objectives\.minimize\[0\]: unknown value, got "m0".* and \d+ more\n$/,
    ],
    ['binary', '\u007fELF\u0000\u0001', /sweep\.yaml: not a text file, expected UTF-8/],
  ])('%s', async (_, spec, message) => {
    const folder = makeFolder();
    writeSpec(folder, spec);
    await expectRefusal(['run', 'sweep.yaml'], folder, message);
  });

  it('100 MB', async () => {
    const folder = makeFolder();
    writeZeros(join(folder, 'sweep.yaml'), 1e8);
    await expectRefusal(['run', 'sweep.yaml'], folder, /sweep\.yaml: too large, expected at most 4194304 bytes/);
  });

  it('a network of millions of layers over a thousand workloads', async () => {
    const folder = makeFolder();
    const layer = { in_channels: 1, in_height: 9, in_width: 9, out_channels: 1, filter: 1 };
    const layers = Array.from({ length: 2000 }, (_, i) => ({ name: `l${i}`, ...layer }));
    writeFileSync(join(folder, 'net.json'), JSON.stringify({ name: 'net', layers }));
    writeSpec(folder, { ...TINY, workloads: Array(1000).fill({ network: './net.json', batch: 1 }) as never });
    await expectRefusal(
      ['run', 'sweep.yaml'],
      folder,
      /workloads\[50\]\.network: too many layers, expected at most 100000 in all workloads\n$/,
    );
  });
});

describe('what is no file is refused:', () => {
  const commands: [string, (path: string) => string[]][] = [
    ['a spec', (path) => ['run', path]],
    ['a GPU', (path) => ['gpus', path]],
    ['a network', (path) => ['networks', path]],
    ['measured times', (path) => ['validate', path, '--gpu', 'titan-xp']],
  ];

  onUnix.each(commands)('a pipe that nobody writes to, a device, a folder, as %s', async (_, args) => {
    const folder = makeFolder();
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    mkdirSync(join(folder, 'folder.yaml'));
    await expectRefusal(args('pipe.yaml'), folder, /pipe\.yaml: a pipe or device, expected a file/);
    await expectRefusal(args('/dev/zero'), folder, /\/dev\/zero: a pipe or device, expected a file/);
    await expectRefusal(args('./folder.yaml'), folder, /folder\.yaml: a folder, expected a file/);
  });

  onUnix('where a spec names it, reported at that field', async () => {
    const folder = makeFolder();
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    writeSpec(folder, { ...TINY, baseline: '/dev/zero', workloads: [{ network: './pipe.yaml', batch: 1 }] });
    await expectRefusal(
      ['run', 'sweep.yaml'],
      folder,
      /sweep\.yaml:3: baseline: \/dev\/zero: a pipe or device.*network: .*pipe\.yaml: a pipe or device/,
    );
  });
});

describe('a file of measured times that is hostile is refused:', () => {
  it.each<[string, string, RegExp]>([
    ['a million columns', ','.repeat(1e6), /m\.csv:1: too wide, expected at most 1000 columns/],
    [
      'a million rows',
      `${HEADER.join(',')}\n${`${',x'.repeat(HEADER.length).slice(1)}\n`.repeat(2e5)}`,
      /m\.csv:100002: too long/,
    ],
    ['an open quote', `"${'x'.repeat(1e6)}`, /m\.csv:1: not valid CSV: Quote Not Closed/],
    ['a quote after much text', `${'x'.repeat(1e6)}"`, /m\.csv:1: not valid CSV: Invalid Opening Quote/],
  ])('%s', async (_, text, message) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'm.csv'), text);
    await expectRefusal(['validate', 'm.csv', '--gpu', 'titan-xp'], folder, message);
  });

  it('100 MB', async () => {
    const folder = makeFolder();
    writeZeros(join(folder, 'm.csv'), 1e8);
    const message = /m\.csv: too large, expected at most 16777216 bytes/;
    await expectRefusal(['validate', 'm.csv', '--gpu', 'titan-xp'], folder, message);
  });
});
