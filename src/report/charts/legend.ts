/** The legend of bottlenecks: shape, colour and name of each, in lines along the top of a chart. */
import * as Plot from '@observablehq/plot';
import type { Bottleneck } from '../../model/bottleneck.js';
import { ink, SYMBOLS } from './inks.js';
import { textWidth, type Mark } from './plot-svg.js';

const LINE = 20;
const MARK = 16;
const GAP = 16;

export interface Legend {
  marks: Mark[];
  /** Pixels that it takes. */
  height: number;
}

/** @param from the left edge, in pixels; the chart's y scale has to be one of pixels from the top, as its x scale of pixels from the left */
export function legendOf(bottlenecks: readonly Bottleneck[], from: number, width: number): Legend {
  let [x, y] = [from, LINE / 2];
  const entries = bottlenecks.map((name) => {
    const needed = MARK + textWidth(name);
    if (x > from && x + needed > width) [x, y] = [from, y + LINE];
    const entry = { name, x: x + 6, y };
    x += needed + GAP;
    return entry;
  });
  return {
    height: y + LINE / 2,
    marks: entries.flatMap(({ name, x: left, y: top }) => [
      Plot.dot([0], { x: left, y: top, r: 4.5, symbol: SYMBOLS[name], fill: ink(name) }),
      Plot.text([name], { x: left + 10, y: top, textAnchor: 'start', fill: ink('ink') }),
    ]),
  };
}

/** What stands before a word of a legend: a box, or an upright line. */
export interface Sample {
  text: string;
  fill?: string;
  stroke?: string;
  line?: string;
}

/** A legend of boxes and lines, in one line. */
export function legendRow(samples: readonly Sample[]): Legend {
  let x = 0;
  const marks = samples.flatMap(({ text, fill, stroke, line }): Mark[] => {
    const left = x;
    x += MARK + textWidth(text) + GAP;
    return [
      line
        ? Plot.ruleX([left + 6], { y1: 3, y2: 17, stroke: line, strokeWidth: 3 })
        : Plot.rect([0], {
            ...{ x1: left + 0.5, x2: left + 11.5, y1: 4.5, y2: 15.5, fill: fill ?? 'none' },
            ...(stroke ? { stroke } : {}),
          }),
      Plot.text([text], { x: left + MARK, y: LINE / 2, textAnchor: 'start', fill: ink('muted') }),
    ];
  });
  return { marks, height: LINE + 6 };
}
