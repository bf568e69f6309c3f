import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inputError } from '../../../src/errors.js';
import { readDocument, withLocation } from '../../../src/space/files/document.js';
import { inputErrorOf, messageOf } from '../studies.js';

const read = (text: string) => readDocument(text, 'a.yaml').value;

describe('readDocument', () => {
  it('reads YAML and JSON alike', () => {
    const value = { a: [1, 2.5], b: { c: 'x', d: null, e: true } };
    expect(read('a: [1, 2.5]\nb:\n  c: x\n  d:\n  e: true\n')).toEqual(value);
    expect(read(JSON.stringify(value))).toEqual(value);
    expect(read(JSON.stringify(value, null, '\t'))).toEqual(value);
  });

  it('reads back every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['an empty file', '', null],
    ['comments alone', '# nothing\n', null],
    ['plain text', 'hello world', 'hello world'],
    ['a byte order mark', '\ufeffa: 1', { a: 1 }],
    ['carriage returns', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['YAML 1.2 words', 'a: yes\nb: .nan\nc: -.inf', { a: 'yes', b: Number.NaN, c: Number.NEGATIVE_INFINITY }],
    ['tags of the core schema', 'a: !!str 5', { a: '5' }],
    ['anchors', 'a: &x { b: 1 }\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['__proto__ as a field like any other', '__proto__: 1', JSON.parse('{"__proto__": 1}')],
  ])('reads %s', (_, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', "a.yaml:3: key 'a' is there twice"],
    ['a quoted key twice', 'a: 1\n"a": 3\n', "a.yaml:2: key 'a' is there twice"],
    ['a nested key twice', 'x:\n  - { b: 1 }\n  - { b: 1, b: 2 }\n', "a.yaml:3: key 'b' is there twice"],
    ['a JSON key twice', '{"a": 1,\n"a": 2}', "a.yaml:2: key 'a' is there twice"],
    ['a number and its text', '1: a\n"1": b\n', "a.yaml:2: key '1' is there twice"],
    [
      'an open list',
      'a: 1\nb: [1, 2\nc: 3\n',
      'a.yaml:3: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a tab', 'a:\n\tb: 1\n', 'a.yaml:2: not valid YAML: Tabs are not allowed as indentation'],
    ['two documents', 'a: 1\n---\na: 2\n', 'a.yaml:2: more than one document, expected one'],
    ['a tag', 'a: 1\nb: !!set { x }\n', 'a.yaml:2: not valid YAML: Unresolved tag: tag:yaml.org,2002:set'],
    [
      'a JavaScript tag',
      'a: !!js/function "x"',
      'a.yaml:1: not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function',
    ],
    [
      'an unknown alias',
      'a: *b\n',
      'a.yaml: not valid YAML: Unresolved alias (the anchor must be set before the alias): b',
    ],
    ['deep nesting', '['.repeat(20_000), 'a.yaml:1: nested too deeply, expected at most 32 levels'],
  ])('refuses %s', (_, text, message) => {
    expect(messageOf(() => read(text))).toBe(message);
  });

  it('refuses aliases that unfold into billions', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    const text = ['a0: &a0 [x]', ...levels].join('\n');
    expect(messageOf(() => read(text))).toMatch(/^a\.yaml: not valid YAML: Excessive alias count/);
  });

  it('finds a key that is there twice among many', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`);
    expect(messageOf(() => read([...keys, 'k7: 2'].join('\n')))).toBe("a.yaml:20001: key 'k7' is there twice");
  });

  it('reads any text or refuses it in one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let message = '';
        try {
          read(text);
        } catch {
          message = inputErrorOf(() => read(text)).message;
        }
        expect(message).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
    );
  });
});

describe('lineOf', () => {
  const document = readDocument(
    'a: 1\nb:\n  - x\n  - c: 2\n    d:\n      e: 3\n"f g": *g\n'.replace('*g', '4'),
    'a.yaml',
  );

  it.each([
    [['a'], 1],
    [['b'], 2],
    [['b', 0], 3],
    [['b', 1], 4],
    [['b', 1, 'c'], 4],
    [['b', 1, 'd', 'e'], 6],
    [['f g'], 7],
    [['b', 1, 'missing', 'x'], 4],
    [['b', 9], 2],
    [['a', 'below', 'a number'], 1],
    [['missing'], undefined],
    [[], undefined],
  ])('%j stands on line %p', (path, line) => {
    expect(document.lineOf(path)).toBe(line);
  });
});

describe('withLocation', () => {
  const document = readDocument('a: 1\nb: 2\n', 'a.yaml');

  it('adds file and line to problems that know their path alone', () => {
    const message = messageOf(() =>
      withLocation(document, () => {
        throw inputError({ path: ['b'], what: 'wrong' }, { file: 'other.yaml', path: ['b'], what: 'wrong too' });
      }),
    );
    expect(message).toBe('a.yaml:2: b: wrong; other.yaml: b: wrong too');
  });

  it('lets other errors through as they are', () => {
    const failure = new RangeError('x');
    expect(() =>
      withLocation(document, () => {
        throw failure;
      }),
    ).toThrow(failure);
  });
});
