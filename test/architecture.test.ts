import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The package's own src/; this file is dist/test/architecture.test.js. */
const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** What each file imports, types and dynamic imports included: files by their path under src/, packages by their name. */
type Imports = ReadonlyMap<string, readonly string[]>;

function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(SRC, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith('.') ? normalize(join(dirname(file), fileName)).replace(/\.js$/, '.ts') : fileName,
  );
}

function readImports(): Imports {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  // Of what the build makes there is a declaration alone.
  return new Map(files.map((file) => [normalize(file).replace(/\.d\.ts$/, '.ts'), importsOf(file)]));
}

/** The files of a cycle, in order; undefined if there is none. */
function findCycle(imports: Imports): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Everything that a file imports, directly or not. */
function reach(imports: Imports, start: string): Set<string> {
  const seen = new Set([start]);
  for (const file of seen) for (const next of imports.get(file) ?? []) seen.add(next);
  return seen;
}

const imports = readImports();

describe('the import graph', () => {
  it('is read from the sources', () => {
    expect(imports.size).toBeGreaterThan(50);
    expect(imports.get(join('space', 'grid.ts'))).toEqual([join('space', 'axis.ts')]);
    const files = [...imports.values()].flat().filter((name) => name.endsWith('.ts'));
    expect(files.filter((file) => !imports.has(file))).toEqual([]);
  });

  it('has no cycle', () => {
    expect(findCycle(imports)).toBeUndefined();
  });

  it('would show a cycle', () => {
    const graph = new Map([
      ['a', ['b', 'x']],
      ['b', ['c']],
      ['c', ['d', 'b']],
      ['d', []],
    ]);
    expect(findCycle(graph)).toEqual(['b', 'c', 'b']);
  });

  it('keeps the engine away from files, the storage, the command line and SQLite', () => {
    const reached = [...reach(imports, join('engine', 'thread.ts'))];
    expect(reached).toContain(join('model', 'evaluate.ts'));
    const folders = new Set(reached.filter((name) => imports.has(name)).map((name) => name.split(/[\\/]/)[0]));
    expect([...folders].sort()).toEqual([...['analysis', 'engine', 'errors.ts', 'model', 'package-root.ts', 'space']]);
    expect(reached).not.toContain('better-sqlite3');
  });

  it('lets the storage alone load SQLite', () => {
    const users = [...imports].filter(([, names]) => names.includes('better-sqlite3')).map(([file]) => file);
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((file) => !file.startsWith('storage'))).toEqual([]);
  });

  it('uses the public interface of Arrow alone', () => {
    const packages = [...imports.values()].flat().filter((name) => name.startsWith('apache-arrow'));
    expect(new Set(packages)).toEqual(new Set(['apache-arrow']));
  });

  it('has no folder with more than twenty files of storage', () => {
    const folders = [...imports.keys()].filter((file) => file.startsWith('storage')).map((file) => dirname(file));
    const counts = new Map<string, number>();
    for (const folder of folders) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
  });

  it('leaves errors.ts without imports', () => {
    expect(imports.get('errors.ts')).toEqual([]);
  });
});
