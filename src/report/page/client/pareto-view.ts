/** The Pareto chart: pointer, touch and keys select a design; a click or Enter pins it. */
import { elementsById, inChart, nearest, placesOf, svgElement, type Place } from './marks.js';

/** The largest distance in pixels at which the pointer selects a mark. */
const REACH = 28;

export interface ParetoActions {
  /** Shows a design in a tooltip at a position in the window; undefined hides it. */
  look: (id: number | undefined, at?: { x: number; y: number }) => void;
  pin: (id: number) => void;
  /** Announces the design that a key selected. */
  announce: (id: number) => void;
}

export class ParetoView {
  private readonly svg: SVGSVGElement;
  private readonly elements: ReadonlyMap<number, readonly SVGElement[]>;
  private readonly places: readonly Place[];
  private readonly byId: ReadonlyMap<number, Place>;
  private readonly ring: SVGElement;
  private readonly pin: SVGElement;
  private kept: ReadonlySet<number> | undefined;
  private looked: number | undefined;
  private pinned: number | undefined;

  constructor(
    plot: HTMLElement,
    private readonly front: readonly number[],
    private readonly actions: ParetoActions,
  ) {
    this.svg = plot.querySelector('svg')!;
    this.elements = elementsById(plot);
    this.places = placesOf(this.elements);
    this.byId = new Map(this.places.map((place) => [place.id, place]));
    this.ring = this.svg.appendChild(svgElement('circle', { class: 'ring', r: 9, visibility: 'hidden' }));
    this.pin = this.svg.appendChild(svgElement('circle', { class: 'pin', r: 11, visibility: 'hidden' }));
    plot.tabIndex = 0;
    plot.setAttribute('role', 'application');
    plot.setAttribute(
      'aria-label',
      `${this.svg.getAttribute('aria-label')!}. Left and right arrows move along the front, Home and End to its ends; Enter pins a design.`,
    );
    plot.addEventListener('pointermove', (event) => this.lookAt(this.under(event)?.id));
    plot.addEventListener('pointerleave', () => this.lookAt(undefined));
    plot.addEventListener('click', (event) => {
      const place = this.under(event);
      if (!place) return;
      this.lookAt(place.id);
      actions.pin(place.id);
    });
    plot.addEventListener('keydown', (event) => this.onKey(event));
    plot.addEventListener('blur', () => this.lookAt(undefined));
  }

  /** Draws a ring around a design; undefined removes it. */
  show(id: number | undefined): void {
    this.looked = id;
    move(this.ring, id === undefined ? undefined : this.byId.get(id));
  }

  setPinned(id: number | undefined): void {
    this.pinned = id;
    move(this.pin, id === undefined ? undefined : this.byId.get(id));
  }

  keep(kept: ReadonlySet<number> | undefined): void {
    this.kept = kept;
    for (const [id, elements] of this.elements)
      for (const element of elements) element.classList.toggle('off', kept !== undefined && !kept.has(id));
  }

  private under(event: MouseEvent): Place | undefined {
    const { x, y } = inChart(this.svg, event);
    const { kept } = this;
    const places = kept ? this.places.filter(({ id }) => kept.has(id)) : this.places;
    // Designs on the front take precedence.
    const front = new Set(this.front);
    const onFront = nearest(
      places.filter(({ id }) => front.has(id)),
      ...([x, y, REACH / 2] as const),
    );
    return onFront ?? nearest(places, x, y, REACH);
  }

  private lookAt(id: number | undefined): void {
    if (id === this.looked) return;
    this.show(id);
    const place = id === undefined ? undefined : this.byId.get(id);
    if (!place) return this.actions.look(undefined);
    const at = new DOMPoint(place.x, place.y).matrixTransform(this.svg.getScreenCTM()!);
    this.actions.look(id, { x: at.x, y: at.y });
  }

  private onKey(event: KeyboardEvent): void {
    const { front } = this;
    const at = front.indexOf(this.looked ?? this.pinned ?? front[0]!);
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      Home: 0,
      End: front.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      const id = front[Math.min(front.length - 1, Math.max(0, to))];
      this.lookAt(id);
      if (id !== undefined) this.actions.announce(id);
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (this.looked !== undefined) this.actions.pin(this.looked);
    } else if (event.key === 'Escape') this.lookAt(undefined);
    else return;
    event.preventDefault();
  }
}

function move(circle: SVGElement, place: Place | undefined): void {
  circle.setAttribute('visibility', place ? 'visible' : 'hidden');
  if (!place) return;
  circle.setAttribute('cx', String(place.x));
  circle.setAttribute('cy', String(place.y));
}
