/** A figure with its unit, for people. The page's script uses it too: it reaches nothing of the model. */
import { showNumber } from '../../model/units.js';

/** Units that stand right behind the figure. */
const CLOSE = new Set(['', '%', '×']);

/** A figure without its unit; parts of a whole in percent. */
export function showFigure(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '-';
  return unit === '%' ? String(Math.round(100 * value)) : showNumber(value);
}

/** `214.2 ms`, `2.673×`, `74%` */
export const withUnit = (value: number, unit: string): string =>
  `${showFigure(value, unit)}${CLOSE.has(unit) ? unit : ` ${unit}`}`;
