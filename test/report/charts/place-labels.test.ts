import { describe, expect, it } from '@jest/globals';
import { placeLabels } from '../../../src/report/charts/place-labels.js';
import { textWidth } from '../../../src/report/charts/text-width.js';

const FRAME = { left: 0, right: 400, top: 0, bottom: 300 };

function boxes(labels: ReturnType<typeof placeLabels>) {
  return labels.map(({ x, y, dx, dy, anchor, text }) => {
    const width = textWidth(text);
    const left = x + dx - { start: 0, middle: width / 2, end: width }[anchor];
    return { left, right: left + width, top: y + dy - 9, bottom: y + dy + 9 };
  });
}

describe('placed labels', () => {
  it('stay within the frame', () => {
    const labels = [
      { x: 1, y: 1, text: 'baseline' },
      { x: 399, y: 299, text: 'fastest' },
      { x: 1, y: 299, text: 'balanced, knee' },
    ];
    for (const { left, right, top, bottom } of boxes(placeLabels(labels, [], FRAME))) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(400);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(300);
    }
  });

  it('do not cover each other if their points lie side by side', () => {
    const labels = ['knee', 'balanced', 'fastest', 'smallest'].map((text, i) => ({ x: 200 + 6 * i, y: 150, text }));
    const placed = boxes(placeLabels(labels, labels, FRAME));
    for (const [i, a] of placed.entries())
      for (const b of placed.slice(i + 1))
        expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
  });

  it('do not cover points if there is room elsewhere', () => {
    const crowd = Array.from({ length: 30 }, (_, i) => ({ x: 110 + 3 * i, y: 88 }));
    const [label] = placeLabels([{ x: 100, y: 100, text: 'knee' }], crowd, FRAME);
    const [box] = boxes([label!]);
    expect(crowd.some(({ x, y }) => x > box!.left && x < box!.right && y > box!.top && y < box!.bottom)).toBe(false);
  });
});
