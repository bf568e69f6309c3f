/** Figures of a column one below the other, point below point. */
import { html, type Html } from './html.js';

const FIGURE = /^[-<]?[\d,]+(?:\.(\d+))?$/;

/** Cells with what they lack in decimals behind them, unseen; as they are where one of them is no figure. */
export function alignFigures(cells: readonly string[]): (Html | string)[] {
  const decimals = cells.map((cell) => FIGURE.exec(cell)?.[1]?.length ?? 0);
  const most = Math.max(0, ...decimals);
  if (most === 0 || cells.some((cell) => cell !== '-' && !FIGURE.test(cell))) return [...cells];
  return cells.map((cell, i) => {
    const lacking = decimals[i] === 0 ? `.${'0'.repeat(most)}` : '0'.repeat(most - decimals[i]!);
    return lacking === '' ? cell : html`${cell}<i class="pad" aria-hidden="true">${lacking}</i>`;
  });
}
