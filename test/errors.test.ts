import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DeltaSweepError,
  inputError,
  MAX_SHOWN_PROBLEMS,
  oneLine,
  showPath,
  showProblem,
  showValue,
} from '../src/errors.js';

/** Every way in which a terminal or an editor would break a line. */
const LINE_ENDS = /[\n\r\v\f\u0085\u2028\u2029]/;
const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const textWithEnds = fc.oneof(
  anyText,
  fc.array(fc.constantFrom('a', '\n', '\r\n', '\u2028', '\u0085', '\u001b[31m', ' ')).map((parts) => parts.join('')),
);

describe('showProblem', () => {
  it('writes place, path, fault, value, expectation and hint in this order', () => {
    const problem = {
      file: 'a.yaml',
      line: 3,
      path: ['axes', 'sm_cout', 'scale', 1],
      what: 'wrong',
      got: 1.5,
      expected: 'a whole number',
      nearest: 'sm_count',
    };
    expect(showProblem(problem)).toBe(
      "a.yaml:3: axes.sm_cout.scale[1]: wrong, got 1.5, expected a whole number (did you mean 'sm_count'?)",
    );
  });

  it.each([
    [{ what: 'wrong' }, 'wrong'],
    [{ what: 'wrong', file: 'a.yaml' }, 'a.yaml: wrong'],
    [{ what: 'wrong', path: [] }, 'wrong'],
    [{ what: 'wrong', got: undefined }, 'wrong, got undefined'],
    [{ what: 'wrong', got: null }, 'wrong, got null'],
    [{ what: 'two\nlines', file: 'a\r\nb' }, 'a b: two lines'],
  ])('leaves out what it does not know: %j', (problem, text) => {
    expect(showProblem(problem)).toBe(text);
  });

  it('is one line without control characters, whatever the texts', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            what: textWithEnds,
            file: textWithEnds,
            line: fc.nat(),
            path: fc.array(fc.oneof(textWithEnds, fc.nat())),
            got: fc.oneof(textWithEnds, fc.anything()),
            expected: textWithEnds,
            nearest: textWithEnds,
          },
          { requiredKeys: ['what'] },
        ),
        (problem) => {
          const text = showProblem(problem);
          expect(text).not.toMatch(LINE_ENDS);
          expect(text).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });
});

describe('showValue', () => {
  it.each([
    ['text', '"text"'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [[1, 'a'], '[1,"a"]'],
    [undefined, 'undefined'],
  ])('shows %p as %s', (value, text) => {
    expect(showValue(value)).toBe(text);
  });

  it('cuts long values', () => {
    expect(showValue('x'.repeat(1000))).toHaveLength(61);
  });

  it('copes with a value that contains itself', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(showValue(loop)).toBe('a value that contains itself');
  });
});

it('cuts long steps of a path', () => {
  expect(showPath(['k'.repeat(500), 0, 'a'])).toBe(`${'k'.repeat(60)}…[0].a`);
});

it('takes no line end into one line', () => {
  expect(oneLine('a\n  b\u2028c\u001b[31m')).toBe('a b c [31m');
});

describe('DeltaSweepError', () => {
  it('tells problems on one line, in order', () => {
    expect(inputError({ what: 'first' }, { what: 'second', file: 'b.yaml' }).message).toBe('first; b.yaml: second');
  });

  it('counts the problems that would make the line too long', () => {
    const problems = Array.from({ length: MAX_SHOWN_PROBLEMS + 5 }, (_, i) => ({ what: `fault ${i}` }));
    const error = new DeltaSweepError('input', problems);
    expect(error.problems).toHaveLength(MAX_SHOWN_PROBLEMS + 5);
    expect(error.message).toContain(`fault ${MAX_SHOWN_PROBLEMS - 1}; and 5 more`);
    expect(error.message).not.toContain(`fault ${MAX_SHOWN_PROBLEMS};`);
  });

  it('tells a long list of names once', () => {
    const expected = `one of ${'abcdefgh, '.repeat(10)}z`;
    const { message } = inputError({ what: 'a', expected }, { what: 'b', expected }, { what: 'c', expected: 'short' });
    expect(message).toBe(`a, expected ${expected}; b; c, expected short`);
  });
});
