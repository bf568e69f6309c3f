/** Parallel coordinates: a brush on each axis, moved by mouse, touch or keys, keeps the designs within all brushes. */
import type { PageWorkload } from '../page-data.js';
import { elementsById, inChart, svgElement } from './marks.js';

type Range = [number, number];

/** Half the width in pixels of the strip of an axis that reacts to the pointer, and of its brush. */
const STRIP = 17;
const BRUSH = 8;

/** The distance by which a key moves an end of a brush on a continuous axis. */
const STEP = 0.05;

/** A shorter drag is a click. */
const LEAST = 0.015;

/** The tolerance at the edge of a brush: values on the edge are within it. */
const EDGE = 0.0105;

const HINT =
  'Drag along an axis to keep the designs within the brush, in all charts and the table. Arrow keys move its lower end, with Shift its upper end.';

/** Receives the designs that the brushes keep; undefined if there is no brush. */
export type OnKeep = (kept: ReadonlySet<number> | undefined, text: string) => void;

export class ParallelView {
  private readonly svg: SVGSVGElement;
  private readonly elements: ReadonlyMap<number, readonly SVGElement[]>;
  private readonly isUpright: boolean;
  private readonly across: readonly number[];
  private readonly along: Range;
  private readonly ranges: (Range | undefined)[];
  private readonly strips: SVGElement[];
  private readonly brushes: SVGElement[];
  private readonly status: HTMLElement;

  constructor(
    plot: HTMLElement,
    private readonly data: PageWorkload['parallel'],
    private readonly onKeep: OnKeep,
  ) {
    this.svg = plot.querySelector('svg')!;
    this.elements = elementsById(plot);
    const { upright, across, along } = this.svg.dataset;
    this.isUpright = upright === 'true';
    this.across = across!.split(' ').map(Number);
    this.along = along!.split(' ').map(Number) as Range;
    this.ranges = data.axes.map(() => undefined);
    this.brushes = data.axes.map((_, i) => this.svg.appendChild(this.box(i, BRUSH, 'brush')));
    this.strips = data.axes.map((axis, i) => this.addStrip(axis.label, i));
    this.status = document.createElement('p');
    this.status.className = 'hint';
    plot.append(this.status);
    this.refresh();
  }

  /** Highlights the line of a design; undefined removes the highlight. */
  show(id: number | undefined): void {
    for (const element of this.svg.querySelectorAll('.looked')) element.classList.remove('looked');
    if (id !== undefined) for (const element of this.elements.get(id) ?? []) element.classList.add('looked');
  }

  keep(kept: ReadonlySet<number> | undefined): void {
    for (const [id, elements] of this.elements)
      for (const element of elements) element.classList.toggle('off', kept !== undefined && !kept.has(id));
  }

  private box(i: number, half: number, kind: string): SVGElement {
    const [low, high] = [Math.min(...this.along), Math.max(...this.along)];
    const [start, length] = kind === 'brush' ? [low, 0] : [low - 12, high - low + 24];
    const at = this.across[i]! - half;
    return svgElement('rect', {
      class: kind,
      ...(this.isUpright
        ? { x: at, y: start, width: 2 * half, height: length }
        : { x: start, y: at, width: length, height: 2 * half }),
    });
  }

  private addStrip(label: string, i: number): SVGElement {
    const strip = this.svg.appendChild(this.box(i, STRIP, 'strip'));
    const attributes = { tabindex: i === 0 ? 0 : -1, role: 'slider', 'aria-label': label };
    for (const [name, value] of Object.entries(attributes)) strip.setAttribute(name, String(value));
    strip.setAttribute('aria-orientation', this.isUpright ? 'vertical' : 'horizontal');
    strip.setAttribute('aria-valuemin', '0');
    strip.setAttribute('aria-valuemax', '100');
    let start: number | undefined;
    strip.addEventListener('pointerdown', (event) => {
      start = this.valueAt(event);
      strip.setPointerCapture(event.pointerId);
      this.focus(i);
      event.preventDefault();
    });
    strip.addEventListener('pointermove', (event) => {
      if (start !== undefined) this.brush(i, [start, this.valueAt(event)]);
    });
    const end = (event: PointerEvent) => {
      if (start === undefined) return;
      const value = this.valueAt(event);
      // A click sets a brush around the nearest value, or removes the brush under it.
      if (Math.abs(value - start) < LEAST)
        this.brush(i, this.ranges[i] && !this.isNew(i, start) ? undefined : this.around(i, value));
      start = undefined;
    };
    strip.addEventListener('pointerup', end);
    strip.addEventListener('pointercancel', () => (start = undefined));
    strip.addEventListener('keydown', (event) => this.onKey(event, i));
    return strip;
  }

  /** Whether a place is outside of the brush of an axis. */
  private isNew(i: number, value: number): boolean {
    const range = this.ranges[i];
    return !range || value < range[0] - 2 * EDGE || value > range[1] + 2 * EDGE;
  }

  /** A brush around the value of the axis nearest to a place. */
  private around(i: number, value: number): Range {
    const nearest = this.stops(i).reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
    return [nearest, nearest];
  }

  private valueAt(event: PointerEvent): number {
    const { x, y } = inChart(this.svg, event);
    const [from, to] = this.along;
    return Math.min(1, Math.max(0, ((this.isUpright ? y : x) - from) / (to - from)));
  }

  /** The places at which keys stop an end of a brush. */
  private stops(i: number): number[] {
    const stops = this.data.axes[i]!.ticks.map(({ at }) => at);
    const isEven = stops[0] === 0 && stops.at(-1) === 1;
    return isEven ? stops : Array.from({ length: 1 + 1 / STEP }, (_, k) => k * STEP);
  }

  private focus(i: number): void {
    this.strips.forEach((strip, k) => strip.setAttribute('tabindex', k === i ? '0' : '-1'));
    this.strips[i]!.focus();
  }

  /** Arrows along the axis move the lower end of its brush, with Shift the upper end; arrows across focus another axis. */
  private onKey(event: KeyboardEvent, i: number): void {
    const [more, less, next, previous] = this.isUpright
      ? ['ArrowUp', 'ArrowDown', 'ArrowRight', 'ArrowLeft']
      : ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'];
    const { length } = this.strips;
    if (event.key === next) this.focus((i + 1) % length);
    else if (event.key === previous) this.focus((i + length - 1) % length);
    else if (event.key === more || event.key === less) this.nudge(i, event.key === more, event.shiftKey);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.brush(i, undefined);
    else if (event.key === 'Escape') {
      this.ranges.fill(undefined);
      this.update();
    } else return;
    event.preventDefault();
  }

  private nudge(i: number, isMore: boolean, isUpper: boolean): void {
    const [low, high] = this.ranges[i] ?? [0, 1];
    const stops = this.stops(i);
    const step = (value: number) =>
      (isMore ? stops.find((stop) => stop > value + EDGE) : stops.findLast((stop) => stop < value - EDGE)) ?? value;
    const range: Range = isUpper ? [low, Math.max(low, step(high))] : [Math.min(high, step(low)), high];
    this.brush(i, range[0] <= EDGE && range[1] >= 1 - EDGE ? undefined : range);
  }

  private brush(i: number, range: Range | undefined): void {
    this.ranges[i] = range && [Math.min(...range), Math.max(...range)];
    this.update();
  }

  private update(): void {
    this.onKeep(...this.refresh());
  }

  /** Draws the brushes, and returns the designs that they keep and a sentence about them. */
  private refresh(): Parameters<OnKeep> {
    const kept = this.kept();
    this.ranges.forEach((range, i) => this.draw(i, range));
    if (!kept) {
      this.status.textContent = HINT;
      return [undefined, 'All designs are shown.'];
    }
    const text = `${kept.size} of ${Object.keys(this.data.at).length} designs are within the brushes.`;
    this.status.textContent = `${text} Click a brush to remove it, press Escape to remove all.`;
    return [kept, text];
  }

  private kept(): Set<number> | undefined {
    if (this.ranges.every((range) => range === undefined)) return undefined;
    const isKept = (places: readonly (number | null)[]) =>
      this.ranges.every((range, i) => {
        const place = places[i]!;
        return !range || (place !== null && place / 1000 >= range[0] - EDGE && place / 1000 <= range[1] + EDGE);
      });
    return new Set(Object.entries(this.data.at).flatMap(([id, places]) => (isKept(places) ? [Number(id)] : [])));
  }

  private draw(i: number, range: Range | undefined): void {
    const [from, to] = this.along;
    const ends = range?.map((value) => from + value * (to - from)).sort((a, b) => a - b) ?? [0, 0];
    const [name, size] = this.isUpright ? ['y', 'height'] : ['x', 'width'];
    this.brushes[i]!.setAttribute(name, String(ends[0]! - 7));
    this.brushes[i]!.setAttribute(size, range ? String(ends[1]! - ends[0]! + 14) : '0');
    const strip = this.strips[i]!;
    strip.setAttribute('aria-valuenow', String(Math.round(100 * (range?.[0] ?? 0))));
    strip.setAttribute(
      'aria-valuetext',
      range ? `from ${this.labelAt(i, range[0])} to ${this.labelAt(i, range[1])}` : 'all values',
    );
  }

  /** The label of the tick nearest to a place. */
  private labelAt(i: number, value: number): string {
    const { ticks, unit } = this.data.axes[i]!;
    const nearest = ticks.reduce((a, b) => (Math.abs(b.at - value) < Math.abs(a.at - value) ? b : a), ticks[0]!);
    return `${nearest?.text ?? showPlace(value)} ${unit}`.trim();
  }
}

const showPlace = (value: number) => `${Math.round(100 * value)}%`;
