/** Legends along the top of a chart. */
import type { Bottleneck } from '../../model/bottleneck.js';
import { ink } from './inks.js';
import { shapePath } from './shapes.js';
import { element, line, rect, text, type Attributes } from './svg.js';
import { textWidth } from './text-width.js';

const LINE = 20;
const MARK = 16;
const GAP = 16;

export interface Legend {
  marks: string[];
  /** Its height in pixels. */
  height: number;
}

/** The legend of bottlenecks: shape, colour and name of each, in as many lines as they need. */
export function bottleneckLegend(bottlenecks: readonly Bottleneck[], width: number): Legend {
  let [x, y] = [0, LINE / 2];
  const marks = bottlenecks.flatMap((name) => {
    const needed = MARK + textWidth(name);
    if (x > 0 && x + needed > width) [x, y] = [0, y + LINE];
    const left = x + 6;
    x += needed + GAP;
    return [
      element('path', { d: shapePath(name, 4.5), transform: `translate(${left.toFixed(1)},${y})`, fill: ink(name) }),
      text(left + 10, y, name, { fill: ink('ink') }),
    ];
  });
  return { marks, height: y + LINE / 2 };
}

/** An entry of a legend: a word behind a box, or behind an upright line. */
export interface Entry {
  text: string;
  box?: Attributes;
  line?: Attributes;
}

/** A legend of boxes and lines, in one line. */
export function legendRow(entries: readonly Entry[]): Legend {
  let x = 0;
  const marks = entries.flatMap((entry) => {
    const left = x;
    x += MARK + textWidth(entry.text) + GAP;
    return [
      entry.line
        ? element('g', entry.line, line(left + 6, 3, left + 6, 17))
        : rect(left + 0.5, 4.5, left + 11.5, 15.5, entry.box),
      text(left + MARK, LINE / 2, entry.text, { fill: ink('muted') }),
    ];
  });
  return { marks, height: LINE + 6 };
}
