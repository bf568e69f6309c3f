import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { evaluateFormula, parseFormula, printFormula } from '../../src/model/formula.js';
import { isWorkloadFact, metricNamed, NUMERIC_METRICS } from '../../src/model/metrics.js';

const VALUES: Record<string, number> = { a: 3, b: 7.3 };
const valueOf = (name: string) => VALUES[name]!;

describe('a formula', () => {
  it('is computed from left to right', () => {
    expect(evaluateFormula(parseFormula('a / 0.001 / b'), valueOf)).toBe(3 / 0.001 / 7.3);
    expect(evaluateFormula(parseFormula('a * 1e12 / b * a'), valueOf)).toBe(((3 * 1e12) / 7.3) * 3);
    expect(evaluateFormula(parseFormula('b'), valueOf)).toBe(7.3);
  });

  it('is printed as SQL with the names that the table has', () => {
    expect(printFormula(parseFormula('a / 1e12 / b'), (name) => `t."${name}"`)).toBe('t."a" / 1000000000000 / t."b"');
  });

  it('has the same value to the bit in SQLite', () => {
    const db = new Database(':memory:');
    const factor = fc.tuple(fc.constantFrom('*', '/'), fc.oneof(fc.constantFrom('a', 'b', '0.001', '1e12', '1000')));
    fc.assert(
      fc.property(fc.constantFrom('a', 'b'), fc.array(factor, { maxLength: 6 }), (first, factors) => {
        const formula = parseFormula([first, ...factors.flat()].join(' '));
        const sql = printFormula(formula, (name) => `CAST(${valueOf(name)} AS REAL)`);
        expect(db.prepare(`SELECT ${sql}`).pluck().get()).toBe(evaluateFormula(formula, valueOf));
      }),
    );
    db.close();
  });
});

it('formulas of metrics name evaluated metrics and figures of the workload alone', () => {
  const operands = NUMERIC_METRICS.flatMap(({ formula }) => formula ?? []).map(({ operand }) => operand);
  const names = operands.filter((operand) => typeof operand === 'string');
  expect(names).toContain('time_ms');
  for (const name of names) {
    const isEvaluated = metricNamed(name) !== undefined && metricNamed(name)?.formula === undefined;
    expect([name, isWorkloadFact(name) || isEvaluated]).toEqual([name, true]);
  }
});
