import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinNames, findFile, readTextFile } from '../../../src/space/files/library.js';
import { messageOf } from '../studies.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'delta-sweep-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

describe('readTextFile', () => {
  it('gives the text and the folder that relative paths start from', () => {
    const path = file('a.yaml', 'name: é');
    expect(readTextFile(path)).toEqual({ file: path, text: 'name: é', directory: folder });
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none.yaml'), 'no such file'],
    ['a path through a file', () => join(file('b.yaml', ''), 'c.yaml'), 'no such file'],
    ['a folder', () => folder, 'a folder, expected a file'],
    ['a name that is too long', () => join(folder, 'a'.repeat(5000)), 'not readable: the name is too long'],
    ['binary', () => file('d.yaml', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1)), 'not a text file, expected UTF-8'],
    ['UTF-16', () => file('e.yaml', Buffer.from('\ufeffname: a', 'utf16le')), 'not a text file, expected UTF-8'],
    ['Latin-1', () => file('f.yaml', Buffer.from('name: é', 'latin1')), 'not a text file, expected UTF-8'],
    ['5 MB', () => file('g.yaml', '#'.repeat(5e6)), 'too large, expected at most 4194304 bytes'],
  ])('refuses %s', (_, make, what) => {
    const path = make();
    expect(messageOf(() => readTextFile(path))).toBe(`${path}: ${what}`);
  });

  it('refuses a path that no system has', () => {
    expect(messageOf(() => readTextFile('a\0b.yaml'))).toMatch(/^a b\.yaml: not readable: /);
  });

  it('takes a file of just 4 MiB', () => {
    expect(readTextFile(file('h.yaml', '#'.repeat(4194304))).text).toHaveLength(4194304);
  });

  const onUnix = process.platform === 'win32' ? it.skip : it;
  onUnix('reads no endless device to its end', () => {
    expect(messageOf(() => readTextFile('/dev/zero'))).toBe('/dev/zero: a pipe or device, expected a file');
  });
});

describe('findFile', () => {
  it('finds what is built in by its name', () => {
    expect(findFile('gpus', 'titan-xp', '.').text).toContain('id: titan-xp');
  });

  it('finds the files of a user by their path, from the folder given', () => {
    file('mine.yaml', 'id: mine');
    expect(findFile('gpus', 'mine.yaml', folder).text).toBe('id: mine');
    expect(findFile('gpus', join(folder, 'mine.yaml'), '/elsewhere').text).toBe('id: mine');
  });

  it.each([
    ['gpus', 'titanxp', "unknown GPU 'titanxp'", "(did you mean 'titan-xp'?)"],
    ['networks', 'resnet-152', "unknown network 'resnet-152'", "(did you mean 'resnet152'?)"],
    ['sweeps', 'balanced', "unknown sweep 'balanced'", "(did you mean 'balanced-scaling'?)"],
  ] as const)('names the nearest of %s to %s', (shelf, name, what, hint) => {
    const message = messageOf(() => findFile(shelf, name, '.'));
    expect(message).toBe(`${what}, expected one of ${builtinNames(shelf).join(', ')}, or the path of a file ${hint}`);
  });

  it('does not take a name out of the shelf', () => {
    expect(messageOf(() => findFile('gpus', '..', '.'))).toContain("unknown GPU '..'");
  });
});
