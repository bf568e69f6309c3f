import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentedPages, prepareFolder, ROOT, runInFolder, withOutputs } from '../../scripts/console-blocks.js';
import { COMMANDS, exampleOf } from '../helpers/command.js';
import { writeCsv } from '../helpers/measured.js';

const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-docs-'));
beforeAll(() => {
  prepareFolder(folder);
  for (const study of ['balanced-scaling', 'scaling-options'])
    runInFolder(`delta-sweep run sweeps/${study}.yaml`, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the examples of --help', () => {
  const examples = mkdtempSync(join(tmpdir(), 'delta-sweep-examples-'));
  beforeAll(() => {
    prepareFolder(examples);
    // What users have by then: the two studies, a shard, and measured times.
    cpSync(join(folder, 'results'), join(examples, 'results'), { recursive: true });
    runInFolder('delta-sweep run sweeps/balanced-scaling.yaml --shard 1/1', examples);
    for (const gpu of ['titan-xp', 'v100']) writeCsv(examples, [{}], `${gpu}.csv`);
  });
  afterAll(() => rmSync(examples, { recursive: true, force: true }));

  it.each(COMMANDS)('of %s works as it is pasted', (command) => {
    const example = exampleOf(runInFolder(`delta-sweep ${command} --help`, examples));
    expect(() => runInFolder(example, examples)).not.toThrow();
  });
});

describe('the documented commands', () => {
  it.each(COMMANDS)('have the help of %s', (command) => {
    const page = readFileSync(join(ROOT, 'docs/commands.md'), 'utf8');
    expect(page).toContain(`\n## ${command}\n`);
    expect(page).toContain(`\`\`\`console\n$ delta-sweep ${command} --help\n`);
  });

  it.each(documentedPages())('print what %s shows', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    expect(withOutputs(text, folder)).toBe(text);
  });

  it('are on pages that the README lists, with a line each', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const listed = documentedPages().filter((page) => new RegExp(`^- \\[${page}\\]\\(${page}\\): .`, 'm').test(readme));
    expect(['README.md', ...listed]).toEqual(documentedPages());
  });

  it('start the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(readme.indexOf('```console')).toBeGreaterThan(0);
    expect(readme.indexOf('```console')).toBeLessThan(600);
  });
});
