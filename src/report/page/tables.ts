/** Tables of the page. */
import type { Objective, Study } from '../../space/study.js';
import { frontTable, sampleFront, type FrontPoint } from '../front-table.js';
import type { FigureTable } from './charts.js';
import { html, type Html } from './html.js';

const isFigure = (cell: string | number) => typeof cell === 'number' || /^[\d.,<-][\d.,×%e-]*$/.test(cell);

/** The figures behind a chart. */
export function figureTable({ columns, rows }: FigureTable): Html {
  const isText = columns.map((_, c) => rows.some((row) => row[c] !== '' && !isFigure(row[c]!)));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Figures of the chart">
    <table>
      <thead>
        <tr>
          ${columns.map((column, c) => html`<th scope="col" class="${isText[c]! ? 'text' : ''}">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, c) => html`<td class="${isText[c]! ? 'text' : ''}">${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Designs that the table shows before it is asked for all. */
const SHOWN_FIRST = 24;

/** The front as a table: some of it at first, all where that is asked for. */
export function scalingTable(study: Study, objectives: readonly Objective[], front: readonly FrontPoint[]): Html {
  const { columns, rows, shared } = frontTable(study, objectives, front);
  const first = new Set(sampleFront(front, SHOWN_FIRST).map(({ id }) => id));
  const heading = (text: string) => text.trim().replace('\n', ' ');
  const align = (c: number) => (columns[c]!.align === 'left' ? 'text' : '');
  const line = (design: FrontPoint, i: number) => {
    const [id, ...cells] = rows[i]!;
    const marks = id!.slice(0, -String(design.id).length);
    const kind = [first.has(design.id) ? '' : 'more', design.balanced ? 'balanced' : ''].join(' ').trim();
    return html`<tr data-id="${design.id}" class="${kind}">
      <th scope="row">${marks}<button type="button" data-pin="${design.id}">${design.id}</button></th>
      ${cells.map((cell, c) => html`<td class="${align(c + 1)}">${cell}</td>`)}
    </tr> `;
  };
  const more = front.length - first.size;
  return html`
    ${shared.length > 0 && html`<p class="intro">In all of them: ${shared.join(', ')}.</p>`}
    ${more > 0 && html`<label class="all"><input type="checkbox" /> all ${front.length} designs</label>`}
    <div class="scroll tall" tabindex="0" role="region" aria-label="Designs on the front">
      <table class="scaling">
        <thead>
          <tr>
            ${columns.map(({ heading: text }, c) => html`<th scope="col" class="${align(c)}">${heading(text)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${front.map(line)}
        </tbody>
      </table>
    </div>
    <p class="hint">
      Axes are multiples of the baseline. bal.: share of the silicon at work. *: the balanced design. k: the knee of the
      front.${front.some(({ robust }) => robust) && ' r: robust: on the front wherever the cost constants lie in their bounds and the times in the validated error.'}
    </p>
  `;
}
