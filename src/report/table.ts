import Table from 'cli-table3';

export interface TableColumn {
  heading: string;
  align?: 'left' | 'right';
}

const NO_LINES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
};

/** A table of texts under headings, without lines; columns are as wide as what they hold, `gap` apart. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[], gap = 2): string {
  const table = new Table({
    head: columns.map(({ heading }) => heading),
    colAligns: columns.map(({ align }) => align ?? 'right'),
    chars: { ...NO_LINES, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** What tables should fit. */
export const TABLE_WIDTH = 100;

/** Whether every line of a text fits. */
export function fits(text: string): boolean {
  return text.split('\n').every((line) => line.length <= TABLE_WIDTH);
}
