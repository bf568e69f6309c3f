import { describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/files/document.js';
import { builtinNames, findFile, type Shelf } from '../../src/files/library.js';
import { parsedValue } from '../../src/files/parsed.js';

const SHELVES: readonly Shelf[] = ['gpus', 'networks', 'costs', 'dies', 'sweeps'];
const BUILTINS = SHELVES.flatMap((shelf) => builtinNames(shelf).map((name): [Shelf, string] => [shelf, name]));

describe('what the build has parsed', () => {
  it.each(BUILTINS)('is what is in the file: %s/%s', (shelf, name) => {
    const { text, file } = findFile(shelf, name, '.');
    const another = `${text}\n# another text of the same value\n`;
    expect(parsedValue(another)).toBeUndefined();
    const expected = readDocument(another, file);
    expect(parsedValue(text)).toStrictEqual(expected.value);
    for (const key of Object.keys(expected.value as object))
      expect(readDocument(text, file).lineOf([key])).toBe(expected.lineOf([key]));
  });

  it('is a value of its own for each reader', () => {
    const { text } = findFile('gpus', 'v100', '.');
    expect(parsedValue(text)).not.toBe(parsedValue(text));
  });
});
