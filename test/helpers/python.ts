import { spawnSync, execFileSync } from 'node:child_process';
import { it } from '@jest/globals';

const PYTHON = '/usr/bin/python3';
const canImport = (module: string) => spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;

/** A test, or a skipped one that says which module of Python it misses. */
export const where = (module: string): ((title: string, test: () => void | Promise<void>) => void) =>
  canImport(module)
    ? (title, test) => it(title, test)
    : (title) => it.skip(`${title} (skipped: ${PYTHON} cannot import ${module})`, () => {});

/** What a program in Python prints. */
export function python(program: string, args: readonly string[] = [], cwd = '.'): string {
  return execFileSync(PYTHON, ['-c', program, ...args], { encoding: 'utf8', cwd, maxBuffer: 2 ** 28 });
}
