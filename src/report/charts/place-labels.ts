/** Places labels beside their points where they cover least. */
import { FONT_SIZE, textWidth } from './text-width.js';

export interface Point {
  x: number;
  y: number;
}

export interface Label extends Point {
  text: string;
}

export interface PlacedLabel extends Label {
  anchor: 'start' | 'middle' | 'end';
  dx: number;
  dy: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Offsets from a point to the near edge of its label, in the order of preference. */
const OFFSETS: Pick<PlacedLabel, 'anchor' | 'dx' | 'dy'>[] = [
  { anchor: 'end', dx: -12, dy: 12 },
  { anchor: 'end', dx: -13, dy: 0 },
  { anchor: 'start', dx: 13, dy: -12 },
  { anchor: 'start', dx: 14, dy: 0 },
  { anchor: 'start', dx: 13, dy: 12 },
  { anchor: 'middle', dx: 0, dy: 20 },
  { anchor: 'middle', dx: 0, dy: -20 },
  { anchor: 'end', dx: -13, dy: -12 },
  { anchor: 'end', dx: -14, dy: 30 },
  { anchor: 'end', dx: -20, dy: 48 },
  { anchor: 'start', dx: 18, dy: -32 },
  { anchor: 'start', dx: 24, dy: -50 },
];

function boxOf({ x, y, text }: Label, { anchor, dx, dy }: (typeof OFFSETS)[number]): Box {
  const width = textWidth(text);
  const left = x + dx - (anchor === 'start' ? 0 : anchor === 'end' ? width : width / 2);
  return { left, right: left + width, top: y + dy - FONT_SIZE * 0.75, bottom: y + dy + FONT_SIZE * 0.75 };
}

const overlap = (a: Box, b: Box) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

const holds = (box: Box, { x, y }: Point) =>
  x > box.left - 3 && x < box.right + 3 && y > box.top - 3 && y < box.bottom + 3;

/** Covering another label is worse than covering any number of points. */
const PER_PIXEL_OF_LABEL = 100;
const PER_PIXEL_OUTSIDE = 1000;

/** Places labels one by one within a frame; `avoid` are the points that they should not cover. */
export function placeLabels(labels: readonly Label[], avoid: readonly Point[], frame: Box): PlacedLabel[] {
  const taken: Box[] = [];
  return labels.map((label) => {
    const costs = OFFSETS.map((offset, preference) => {
      const box = boxOf(label, offset);
      const outside =
        Math.max(0, frame.left - box.left) +
        Math.max(0, box.right - frame.right) +
        Math.max(0, frame.top - box.top) +
        Math.max(0, box.bottom - frame.bottom);
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      const points = avoid.filter((point) => holds(box, point)).length;
      return PER_PIXEL_OUTSIDE * outside + PER_PIXEL_OF_LABEL * covered + points + 0.1 * preference;
    });
    const best = OFFSETS[costs.indexOf(Math.min(...costs))]!;
    taken.push(boxOf(label, best));
    return { ...label, ...best };
  });
}
