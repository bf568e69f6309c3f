import { describe, expect, it } from '@jest/globals';
import { tablePieces } from '../../src/report/row-table.js';
import { renderTable, TABLE_WIDTH, tableWidth } from '../../src/report/table.js';

describe('renderTable', () => {
  it('aligns numbers to the right and names to the left, under headings of several lines', () => {
    const columns = [{ heading: '\nname', align: 'left' as const }, { heading: 'time\nms' }];
    expect(
      renderTable(columns, [
        ['a', '1'],
        ['long', '12,345'],
      ]),
    ).toBe(['        time', 'name      ms', 'a          1', 'long  12,345'].join('\n'));
  });

  it('gives a cell of several lines the lines it needs, without blanks at their ends', () => {
    const columns = [{ heading: 'a' }, { heading: 'b', align: 'left' as const }];
    expect(
      renderTable(columns, [
        ['1', 'one\ntwo'],
        ['2', 'x'],
      ]),
    ).toBe('a  b\n1  one\n   two\n2  x');
  });

  it('brings columns closer where the table would pass 100 columns', () => {
    const columns = Array.from({ length: 10 }, () => ({ heading: '' }));
    const widthOf = (cell: string) =>
      renderTable(columns, [columns.map(() => cell)])
        .split('\n')
        .at(-1)!.length;
    expect(widthOf('x'.repeat(8))).toBe(tableWidth(Array<number>(10).fill(8), 2));
    expect(widthOf('x'.repeat(9))).toBe(tableWidth(Array<number>(10).fill(9), 1));
    expect(widthOf('x'.repeat(9))).toBeLessThanOrEqual(TABLE_WIDTH);
  });

  it('shows headings alone where there are no rows', () => {
    expect(renderTable([{ heading: 'a' }, { heading: 'b' }], [])).toBe('a  b');
  });
});

describe('tablePieces', () => {
  it.each([
    ['whole numbers as they are', 1234567, '1234567'],
    ['other numbers to four digits', 0.123456, '0.1235'],
    ['NULL by its name', null, 'NULL'],
    ['text as it is', 'auto', 'auto'],
    ['bytes by their number', new Uint8Array(3), '<3 bytes>'],
  ])('shows %s', (_, cell, text) => {
    const [, line] = [...tablePieces(['x'], [[cell]])].join('').split('\n');
    expect(line!.trim()).toBe(text);
  });

  it('makes a column wider from where it holds more than the first thousand rows', () => {
    const rows = Array.from({ length: 2500 }, (_, i) => [i < 2000 ? 'a' : 'abc', i]);
    const lines = [...tablePieces(['x', 'n'], rows)].join('').trimEnd().split('\n');
    expect(lines).toHaveLength(2501);
    expect([lines[0], lines[1], lines[2001]]).toEqual(['x    n', 'a    0', 'abc  2000']);
  });

  it('puts a blank line between rows that are too wide, also where it takes them in parts', () => {
    const rows = Array.from({ length: 1001 }, (_, i) => [i, 'x'.repeat(100)]);
    const blocks = [...tablePieces(['n', 'text'], rows)].join('').trimEnd().split('\n\n');
    expect(blocks).toHaveLength(1001);
    expect(blocks[1000]).toBe(`n     1000\ntext  ${'x'.repeat(100)}`);
  });
});
