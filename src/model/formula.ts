/** Formulas of derived metrics, such as `images / 0.001 / time_ms`: declared once, evaluated here and printed as SQL. */

/** A step of a formula: what stands before it, multiplied or divided by a number or a named figure. */
interface Factor {
  operator: '*' | '/';
  operand: number | string;
}

/** Factors from left to right: every reader rounds alike. */
export type Formula = readonly Factor[];

/** Reads names and numbers that are joined by ` * ` and ` / `. */
export function parseFormula(text: string): Formula {
  const tokens = `* ${text}`.split(' ');
  return Array.from({ length: tokens.length / 2 }, (_, i) => {
    const [operator, operand] = tokens.slice(2 * i, 2 * i + 2) as [Factor['operator'], string];
    return { operator, operand: Number.isNaN(Number(operand)) ? operand : Number(operand) };
  });
}

/** The value of a formula, given those of its names. */
export function evaluateFormula(formula: Formula, valueOf: (name: string) => number): number {
  return formula.reduce((value, { operator, operand }) => {
    const by = typeof operand === 'number' ? operand : valueOf(operand);
    return operator === '*' ? value * by : value / by;
  }, 1);
}

/** A formula as an expression of SQL, given those of its names. */
export function printFormula(formula: Formula, print: (name: string) => string): string {
  const texts = formula.map(
    ({ operator, operand }) => `${operator} ${typeof operand === 'number' ? operand : print(operand)}`,
  );
  return texts.join(' ').slice('* '.length);
}
