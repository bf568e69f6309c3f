/** The width of text in the typeface of the charts, estimated. */

/** The font size of charts in pixels. */
export const FONT_SIZE = 12;

/** Advance widths in em of the characters that are far from the mean. */
const ADVANCES: [RegExp, number][] = [
  [/[iljI.,:;'|! ]/, 0.28],
  [/[ftr()/-]/, 0.39],
  [/[mwMW%@]/, 0.88],
  [/[A-Z]/, 0.7],
];
const MEAN_ADVANCE = 0.615;

/** The width of a text in pixels; the estimate is rather too large than too small. */
export function textWidth(text: string, size = FONT_SIZE): number {
  let width = 0;
  for (const character of text) width += ADVANCES.find(([kind]) => kind.test(character))?.[1] ?? MEAN_ADVANCE;
  return width * size;
}
