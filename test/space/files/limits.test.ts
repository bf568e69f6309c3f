import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as limits from '../../../src/space/files/limits.js';
import { MAX_EXPRESSION_LENGTH } from '../../../src/space/expression.js';
import { readDocument } from '../../../src/space/files/document.js';
import { PACKAGE_ROOT } from '../../helpers/command.js';
import { messageOf } from '../studies.js';

describe('the limits of files', () => {
  const [, table = ''] =
    /## Limits\n([^]*?)\n## /.exec(readFileSync(join(PACKAGE_ROOT, 'docs/study.md'), 'utf8')) ?? [];
  const told = [...table.matchAll(/\| (\d\S*(?: MiB)?) *\|$/gm)].map(([, limit]) => limit);

  const show = (name: string, limit: number) =>
    name.endsWith('_BYTES') ? `${limit / 2 ** 20} MiB` : limit.toLocaleString('en-US');

  it('are those that docs/study.md tells', () => {
    const known = Object.entries({ ...limits, MAX_EXPRESSION_LENGTH }).map(([name, limit]) => show(name, limit));
    expect(told.filter((limit) => limit !== '2^53').sort()).toEqual(known.sort());
  });
});

describe('just within a limit, a file is read:', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
  const aliased = (aliases: number) => `a: &a 1\nb: [${'*a,'.repeat(aliases)}]`;

  it('nesting', () => {
    expect(readDocument(nested(limits.MAX_DEPTH), 'a').value).toEqual(JSON.parse(nested(limits.MAX_DEPTH)));
    expect(messageOf(() => readDocument(nested(limits.MAX_DEPTH + 1), 'a'))).toContain('a:1: nested too deeply');
  });

  it('nesting of blocks', () => {
    const block = (levels: number) => Array.from({ length: levels }, (_, i) => `${' '.repeat(i)}k:`).join('\n');
    expect(JSON.stringify(readDocument(block(limits.MAX_DEPTH), 'a').value)).toHaveLength(6 * limits.MAX_DEPTH + 4);
    expect(messageOf(() => readDocument(block(limits.MAX_DEPTH + 1), 'a'))).toContain('nested too deeply');
  });

  it('aliases', () => {
    expect(readDocument(aliased(limits.MAX_ALIASES), 'a').value).toHaveProperty('b.99', 1);
    expect(messageOf(() => readDocument(aliased(limits.MAX_ALIASES + 1), 'a'))).toBe(
      'a:2: too many aliases, expected at most 100',
    );
  });
});

it('a key that is no text is refused with its line', () => {
  for (const key of ['[a]', '{ a: b }', '? [a]\n', '*a'])
    expect(messageOf(() => readDocument(`x: &a 1\n${key} : 1\n`, 'a'))).toMatch(
      /^a:2: (a key that is no text|not valid)/,
    );
});
