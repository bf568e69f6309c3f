/** Aligns the numbers of a column at their decimal points. */
import { html, type Html } from './html.js';

const FIGURE = /^[-<]?[\d,]+(?:\.(\d+))?$/;

/** Pads numbers with invisible decimals; cells stay unchanged if one of them is not a number. */
export function alignFigures(cells: readonly string[]): (Html | string)[] {
  const decimals = cells.map((cell) => FIGURE.exec(cell)?.[1]?.length ?? 0);
  const most = Math.max(0, ...decimals);
  if (most === 0 || cells.some((cell) => cell !== '-' && !FIGURE.test(cell))) return [...cells];
  return cells.map((cell, i) => {
    const lacking = decimals[i] === 0 ? `.${'0'.repeat(most)}` : '0'.repeat(most - decimals[i]!);
    return lacking === '' ? cell : html`${cell}<i class="pad" aria-hidden="true">${lacking}</i>`;
  });
}
