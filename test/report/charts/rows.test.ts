import { describe, expect, it } from '@jest/globals';
import { textWidth } from '../../../src/report/charts/text-width.js';
import { noteThatFits } from '../../../src/report/charts/rows.js';
import { NARROW } from '../../../src/report/page/charts.js';

const NOTES = ['214.2 ms', '12.4×', '1,204 mm²'];

describe('the notes of a row', () => {
  it.each([
    ['Balanced', 3],
    ['Baseline, smallest, least power', 2],
    ['Balanced, knee, fastest, least energy, best', 1],
    ['An option of a very long name, balanced, knee, smallest', 0],
  ])('beside the title %s on a phone are its first %d notes', (title, parts) => {
    const note = noteThatFits({ title, notes: NOTES }, NARROW);
    expect(note).toBe(NOTES.slice(0, parts).join('  ·  '));
    if (parts > 0) expect(textWidth(`${title}${note}`)).toBeLessThan(NARROW);
  });
});
