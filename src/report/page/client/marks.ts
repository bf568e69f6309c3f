/** The marks of charts, by the id of their design. */

export interface Place {
  id: number;
  x: number;
  y: number;
}

/** The elements of a chart, by the id of their design. */
export function elementsById(plot: Element): Map<number, SVGElement[]> {
  const found = new Map<number, SVGElement[]>();
  for (const element of plot.querySelectorAll<SVGElement>('[data-id]')) {
    const id = Number(element.dataset['id']);
    found.set(id, [...(found.get(id) ?? []), element]);
  }
  return found;
}

/** Where the marks of a chart are, in its own pixels. */
export function placesOf(elements: ReadonlyMap<number, readonly SVGElement[]>): Place[] {
  return [...elements].flatMap(([id, [element]]) => {
    const at = /translate\(([-\d.]+),([-\d.]+)\)/.exec(element?.getAttribute('transform') ?? '');
    return at ? [{ id, x: Number(at[1]), y: Number(at[2]) }] : [];
  });
}

/** The place nearest to a point, within a distance. */
export function nearest(places: readonly Place[], x: number, y: number, reach: number): Place | undefined {
  let [found, least]: [Place | undefined, number] = [undefined, reach * reach];
  for (const place of places) {
    const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
    if (distance <= least) [found, least] = [place, distance];
  }
  return found;
}

/** The position of a pointer in the pixels of a chart. */
export function inChart(svg: SVGSVGElement, event: { clientX: number; clientY: number }): { x: number; y: number } {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM()!.inverse());
  return { x: point.x, y: point.y };
}

/** An element of SVG with attributes. */
export function svgElement(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
