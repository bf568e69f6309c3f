import type { FrontRow } from '../../analysis/front-marks.js';

/** At most `most` designs of a front, evenly spread, its ends, marked designs and those that are `named` always among them. */
export function sampleFront<T extends FrontRow>(
  front: readonly T[],
  most: number,
  named: ReadonlySet<number> = new Set(),
): T[] {
  if (front.length <= most) return [...front];
  const isMarked = ({ id, balanced, knee }: T) => balanced || knee || named.has(id);
  const marked = front.filter(isMarked).length;
  const evenly = Math.max(2, most - marked);
  const kept = new Set(Array.from({ length: evenly }, (_, i) => Math.round((i * (front.length - 1)) / (evenly - 1))));
  return front.filter((design, i) => kept.has(i) || isMarked(design));
}
