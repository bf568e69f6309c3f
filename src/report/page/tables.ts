/** Tables of the page. */
import type { Study } from '../../space/study.js';
import { frontTable } from '../front-table.js';
import { sampleFront } from '../../study/report-data/sample-front.js';
import type { FrontRow } from '../../analysis/front-marks.js';
import { alignFigures } from './align.js';
import { UNMARKED } from '../../analysis/front-marks.js';
import type { FigureTable } from './charts.js';
import { html, type Html } from './html.js';
import type { WorkloadReport } from '../../study/report-data/report-data.js';

type Cells = readonly (readonly string[])[];

/** The cells of a table with aligned numbers. */
function aligned(rows: Cells, columns: number): (Html | string)[][] {
  const byColumn = Array.from({ length: columns }, (_, c) => alignFigures(rows.map((row) => row[c]!)));
  return rows.map((_, i) => byColumn.map((cells) => cells[i]!));
}

const isFigure = (cell: string) => cell === '' || /^[-<]?[\d.,]*(e-?\d+)?[%×]?$/.test(cell);

/** The numbers behind a chart. */
export function figureTable({ columns, rows }: FigureTable): Html {
  const isText = columns.map((_, c) => !rows.every((row) => isFigure(row[c]!)));
  const classOf = (c: number) => (isText[c] ? 'text' : '');
  const line = (cells: (Html | string)[]) =>
    html`<tr>
      ${cells.map((cell, c) => html`<td class="${classOf(c)}">${cell}</td>`)}
    </tr> `;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Figures of the chart">
    <table>
      <thead>
        <tr>
          ${columns.map((column, c) => html`<th scope="col" class="${classOf(c)}">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${aligned(rows, columns.length).map(line)}
      </tbody>
    </table>
  </div>`;
}

/** The most designs that the table shows at first. */
const SHOWN_FIRST = 24;

/** The front as a table: at first some of its designs, all on request. */
export function scalingTable(study: Study, { front, frontSize, sample }: WorkloadReport, withOthers: boolean): Html {
  const others = withOthers ? sample.map((design): FrontRow => ({ ...design, ...UNMARKED })) : [];
  const designs = [...front, ...others];
  const isPart = front.length < frontSize;
  const { columns, rows, shared } = frontTable(study, study.objectives, designs);
  const first = new Set(withOthers ? designs.map(({ id }) => id) : sampleFront(front, SHOWN_FIRST).map(({ id }) => id));
  const cells = aligned(
    rows.map((row) => row.slice(1)),
    columns.length - 1,
  );
  const heading = (text: string) => text.trim().replace('\n', ' ').replace('mm2', 'mm²');
  const align = (c: number) => (columns[c]!.align === 'left' ? 'text' : '');
  const line = (design: FrontRow, i: number) => {
    const marks = `${withOthers && i < front.length ? 'f' : ''}${rows[i]![0]!.slice(0, -String(design.id).length)}`;
    const kind = [first.has(design.id) ? '' : 'more', design.balanced ? 'balanced' : ''].join(' ').trim();
    return html`<tr data-id="${design.id}" class="${kind}">
      <th scope="row">
        ${marks}
        <button type="button" data-pin="${design.id}" aria-label="Pin design ${design.id}">${design.id}</button>
      </th>
      ${cells[i]!.map((cell, c) => html`<td class="${align(c + 1)}">${cell}</td>`)}
    </tr> `;
  };
  const robust =
    ' r: robust: on the front wherever the cost constants lie in their bounds and the times in the validated error.';
  return html`
    ${shared.length > 0 && html`<p class="intro">The same in all designs: ${shared.join(', ')}.</p>`}
    ${first.size < designs.length && html`<label class="all"><input type="checkbox" /> all ${designs.length}${isPart && ` of ${frontSize}`} designs</label>`}
    <div
      class="scroll tall"
      tabindex="0"
      role="region"
      aria-label="${withOthers ? 'The options' : 'Designs on the front'}"
    >
      <table class="scaling">
        <thead>
          <tr>
            ${columns.map(({ heading: text }, c) => html`<th scope="col" class="${align(c)}">${heading(text)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${designs.map(line)}
        </tbody>
      </table>
    </div>
    <p class="hint">
      Axes are multiples of the baseline. bal.: share of the silicon at work. *: the balanced design. k: the knee of the
      front.${withOthers && ' f: on the front.'}${front.some(({ robust: isRobust }) => isRobust) && robust} Click a
      design's number to pin it
      above.${isPart && ` The page holds ${front.length} of ${frontSize} designs; delta-sweep pareto prints all.`}
    </p>
  `;
}
