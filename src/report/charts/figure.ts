/** A number with its unit, as people read it. The page's script bundles this file, so it imports little. */
import { showNumber } from '../../model/units.js';

/** Units without a space before them. */
const CLOSE = new Set(['', '%', '×']);

/** A number without its unit; a share in percent. */
export function showFigure(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '-';
  return unit === '%' ? String(Math.round(100 * value)) : showNumber(value);
}

/** `214.2 ms`, `2.673×`, `74%` */
export const withUnit = (value: number, unit: string): string =>
  `${showFigure(value, unit)}${CLOSE.has(unit) ? unit : ` ${unit}`}`;
