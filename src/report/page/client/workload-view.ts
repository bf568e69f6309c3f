/** The section of a workload: the selected design, the pinned design and the designs that brushes keep, in all its charts. */
import type { PageWorkload } from '../page-data.js';
import {
  describeChanges,
  designTitle,
  figuresOf,
  layersTable,
  panel,
  partsOf,
  type PanelContext,
  type PanelDesign,
} from '../panel.js';
import { showPercent } from '../../../model/units.js';
import { ParallelView } from './parallel-view.js';
import { ParetoView } from './pareto-view.js';
import { hideTip, showTip } from './tip.js';

export class WorkloadView {
  private readonly designs: ReadonlyMap<number, PanelDesign>;
  private readonly charts: ParetoView[];
  private readonly parallels: ParallelView[];
  private pinned: number | undefined;

  constructor(
    private readonly section: HTMLElement,
    private readonly workload: PageWorkload,
  ) {
    this.designs = new Map(workload.designs.map((design) => [design.id, design]));
    this.pinned = workload.pinned;
    const plots = (name: string) => [...section.querySelectorAll<HTMLElement>(`[data-plot=${name}]`)];
    this.charts = plots('pareto').map(
      (plot) =>
        new ParetoView(plot, workload.front, {
          look: (id, at) => this.look(id, at),
          pin: (id) => this.pin(id),
          announce: (id) => this.announceDesign(id),
        }),
    );
    this.parallels = plots('parallel').map(
      (plot) => new ParallelView(plot, workload.parallel, (kept, text) => this.keep(kept, text)),
    );
    for (const button of section.querySelectorAll<HTMLButtonElement>('button[data-pin]'))
      button.addEventListener('click', () => {
        this.pin(Number(button.dataset['pin']));
        section.querySelector('.part-pareto')?.scrollIntoView({ block: 'start' });
      });
    for (const row of section.querySelectorAll<HTMLElement>('tr[data-id]')) {
      row.addEventListener('pointerenter', () => this.charts.forEach((chart) => chart.show(Number(row.dataset['id']))));
      row.addEventListener('pointerleave', () => this.charts.forEach((chart) => chart.show(undefined)));
    }
    this.markPinned();
  }

  /** Shows a design in the tooltip and in the parallel coordinates; undefined hides it. */
  private look(id: number | undefined, at?: { x: number; y: number }): void {
    const design = id === undefined ? undefined : this.designs.get(id);
    this.parallels.forEach((view) => view.show(design?.id));
    if (!design || !at) return hideTip();
    const { context } = this.workload;
    showTip(at, designTitle(design), [
      firstFigures(context, design).join(' · '),
      describeChanges(context, design),
      `bound by ${partsOf(design)
        .map(({ name, share }) => `${name} ${showPercent(share)}`)
        .join(', ')}`,
    ]);
  }

  /** Announces a design to screen readers. */
  private announceDesign(id: number): void {
    const design = this.designs.get(id);
    if (design) announce(`${designTitle(design)}: ${firstFigures(this.workload.context, design).join(', ')}`);
  }

  /** Keeps a design in the panel, with its layers. */
  private pin(id: number): void {
    const design = this.designs.get(id);
    if (!design) return;
    this.pinned = id;
    const { context } = this.workload;
    const fill = (selector: string, text: string) => {
      const element = this.section.querySelector(selector);
      if (element) element.innerHTML = text;
    };
    // Both escape their values.
    fill('.panel', panel(context, design).text);
    fill('.layer-table', layersTable(context, design).text);
    this.markPinned();
    announce(`${designTitle(design)} is pinned`);
  }

  private markPinned(): void {
    this.charts.forEach((chart) => chart.setPinned(this.pinned));
    for (const row of this.section.querySelectorAll<HTMLElement>('tr[data-id]'))
      row.classList.toggle('pinned', Number(row.dataset['id']) === this.pinned);
  }

  /** Shows the designs that the brushes keep; undefined shows all. */
  private keep(kept: ReadonlySet<number> | undefined, text: string): void {
    this.charts.forEach((chart) => chart.keep(kept));
    this.parallels.forEach((view) => view.keep(kept));
    for (const row of this.section.querySelectorAll<HTMLElement>('tr[data-id]'))
      row.classList.toggle('off', kept !== undefined && !kept.has(Number(row.dataset['id'])));
    announce(text);
  }
}

/** The first metrics of a design, which distinguish it. */
const firstFigures = (context: PanelContext, design: PanelDesign) =>
  figuresOf(context, design)
    .slice(0, 4)
    .map(({ label, text }) => `${label} ${text}`);

/** Announces a text to screen readers. */
function announce(text: string): void {
  document.querySelector('.live')!.textContent = text;
}
