/** Seeded damage to valid files: to the value, to its text, to its bytes. */
import fc from 'fast-check';
import { stringify } from 'yaml';

/** What stands where something sensible stood. */
const NASTY: readonly unknown[] = [
  ...[null, true, false, '', ' ', 0, -0, 1, -1, 0.5, 1e-9, 1e-320, 1e9, 1e16, 1e308, 2 ** 53, Number.MAX_VALUE],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 65_536, 65_537, '0', '1e3', 'NaN', 'Infinity'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '../../x',
    '..',
    './spec.yaml',
    '/dev/null',
    'a/b.yaml',
  ],
  ...[
    '😀',
    '\ud800',
    'a\u0000b',
    'a\nb',
    'a\u2028b',
    '\u202e',
    'ﬁ',
    'x'.repeat(300),
    'x'.repeat(70_000),
    '${x}',
    '%s%n',
  ],
  ...[[], {}, [[]], [{}], { a: 1 }, [1, 2], ['a'], [null], { scale: [1] }, { values: [1] }, { constructor: 1 }],
  ...[{ range: { from: 1, to: 1e9, steps: 2 } }, { range: { from: 9, to: 1, steps: 3, spacing: 'log' } }],
  ...[
    'sm_count',
    'dram_gbps',
    'auto',
    '128x128x8',
    'titan-xp',
    'alexnet',
    'training',
    'time_ms',
    'front',
    'delta-2019',
  ],
  ...[
    'sm_count > 0',
    'true',
    'base.sm_count == sm_count',
    '1 / 0 > 0',
    'sm_count % 0 == 0',
    '"a" < "b"',
    `${'('.repeat(400)}1`,
  ],
  ...[
    `${'!'.repeat(900)}true`,
    `${'-'.repeat(900)}1 < 2`,
    `${'1+'.repeat(480)}1 > 0`,
    '[1,2].all(x, true)',
    'size("a") > 0',
  ],
];

const NAMES: readonly string[] = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '',
    ' ',
    '0',
    'name',
    'layers',
    'axes',
    'options',
    'scale',
    'values',
  ],
  ...[
    'sm_count',
    'l2_mib',
    'cta_tile',
    'store',
    'points',
    'linked',
    'constraints',
    'groups',
    'sm_cout',
    'é',
    '<<',
    '$schema',
  ],
];

/** One change of a value: what is done, at which of its places, with what. */
interface Change {
  kind: 'drop' | 'repeat' | 'rename' | 'replace' | 'wrap' | 'move' | 'add';
  at: number;
  with: unknown;
  name: string;
  times: number;
}

type Container = Record<string | number, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Every place of a value below its root: what holds it, and under which key. */
function placesOf(holder: Container): { holder: Container; key: string | number }[] {
  return Object.keys(holder).flatMap((name) => {
    const key = Array.isArray(holder) ? Number(name) : name;
    const below = holder[key];
    return [{ holder, key }, ...(isContainer(below) ? placesOf(below) : [])];
  });
}

/** Sets a field even where it is called `__proto__`; a list takes it as one more entry. */
const setField = (holder: Container, key: string | number, value: unknown): void => {
  if (Array.isArray(holder) && typeof key === 'string') holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
};

const nested = (value: unknown, times: number, name: string): unknown => {
  let result = value;
  for (let i = 0; i < times; i++) result = i % 2 ? { [name]: result } : [result];
  return result;
};

function applyChange(root: Container, change: Change): void {
  const put = structuredClone(change.with); // later changes may damage it too
  const places = placesOf(root);
  if (places.length === 0) return;
  const { holder, key } = places[change.at % places.length]!;
  const value = holder[key];
  const list = Array.isArray(holder) ? (holder as unknown[]) : undefined;
  switch (change.kind) {
    case 'drop':
      if (list) list.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 'repeat':
      if (list) list.splice(Number(key), 0, ...Array<unknown>(change.times).fill(value));
      else setField(holder, `${key}2`, value);
      return;
    case 'rename':
      delete holder[key];
      setField(holder, list ? key : change.name, value);
      return;
    case 'replace':
      return setField(holder, key, put);
    case 'wrap':
      return setField(holder, key, nested(value, change.times, change.name));
    case 'move': {
      const other = places[(change.at * 7 + change.times) % places.length]!;
      return setField(holder, key, structuredClone(other.holder[other.key]));
    }
    case 'add':
      return setField(isContainer(value) ? value : holder, change.name, put);
  }
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom<Change['kind']>(
    'drop',
    'repeat',
    'rename',
    'replace',
    'replace',
    'replace',
    'wrap',
    'move',
    'add',
  ),
  at: fc.nat(100_000),
  with: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...NASTY) },
    { weight: 2, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.jsonValue() },
  ),
  name: fc.constantFrom(...NAMES),
  times: fc.constantFrom(1, 1, 2, 3, 10, 40, 200),
});

/** Pieces of text that mean something to YAML, CSV or a terminal. */
const SNIPPETS: readonly string[] = [
  ...[
    '\ufeff',
    '\r',
    '\r\n',
    '\n',
    '\t',
    '\0',
    '\u0007',
    '\u001b[31m',
    '\u2028',
    '"',
    "'",
    ',',
    ':',
    ': ',
    '- ',
    '? ',
    '#',
    ' #',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '*b',
    '!!str ',
    '!!binary ',
    '!!set ',
    '!x ',
    '<<: *a\n',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
  ],
  ...[
    '|',
    '>',
    '|9\n',
    '.nan',
    '.inf',
    '-.inf',
    '~',
    '0x10',
    '0o7',
    '1_000',
    '1e999',
    '-0',
    'null',
    'yes',
    '"\\u0000"',
    '"\\x"',
  ],
  ...[
    '&a [*a, *a]',
    'a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n',
    '\n  extra: 1\n',
    '\n\n\n',
    '[['.repeat(300),
    '- '.repeat(300),
  ],
  ...[' '.repeat(5000), 'N/A', '""', '"""', ',,,,,', '1;2', '=1+1', 'name: again\n', '__proto__: { a: 1 }\n'],
];

/** One change of a text: a range is taken out, another text put in. */
interface Edit {
  at: number;
  length: number;
  text: string;
  copies: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(1_000_000),
  length: fc.constantFrom(0, 0, 0, 1, 2, 10, 1_000_000),
  text: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...SNIPPETS) }, fc.string({ unit: 'binary', maxLength: 20 })),
  copies: fc.constantFrom(1, 1, 1, 1, 2, 150),
});

function applyEdit(text: string, { at, length, text: put, copies }: Edit): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put.repeat(copies) + text.slice(start + length);
}

/** What is done to the text of a file as a whole. */
const asBytes: Record<string, (text: string) => Buffer> = {
  plain: (text) => Buffer.from(text),
  'byte order mark': (text) => Buffer.from(`\ufeff${text}`),
  'carriage returns': (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
  'UTF-16': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'Latin-1': (text) => Buffer.from(`${text}# é`, 'latin1'),
  'a torn character': (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xe2, 0x82])]),
};

const bytesOf = fc.oneof(
  { weight: 12, arbitrary: fc.constant(asBytes['plain']!) },
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(asBytes)) },
);

const asText: readonly ((value: unknown) => string)[] = [
  (value) => stringify(value, { aliasDuplicateObjects: false }),
  (value) => stringify(value, { aliasDuplicateObjects: true }),
  (value) => stringify(value, { collectionStyle: 'flow', lineWidth: 0, aliasDuplicateObjects: false }),
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(value),
];

/** No text: random bytes, random characters, pieces of YAML in any order. */
const noise: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
  fc.array(fc.constantFrom(...SNIPPETS), { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
);

/** Few changes leave much of a file valid, so that what is behind the first checks is reached as well. */
const few = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.array(arbitrary, { maxLength }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  );

/** Bytes of a YAML or JSON file that was one of these values. */
export function damagedDocuments(values: readonly unknown[]): fc.Arbitrary<Buffer> {
  const damaged = fc
    .record({
      value: fc.constantFrom(...values),
      changes: few(change, 4),
      write: fc.constantFrom(...asText),
      edits: fc.oneof({ weight: 2, arbitrary: fc.constant<Edit[]>([]) }, few(edit, 3)),
      bytes: bytesOf,
    })
    .map(({ value, changes, write, edits, bytes }) => {
      const root = structuredClone(value) as Container;
      for (const one of changes) applyChange(root, one);
      return bytes(edits.reduce(applyEdit, write(root)));
    });
  return fc.oneof({ weight: 9, arbitrary: damaged }, { weight: 1, arbitrary: noise });
}

/** Bytes of a CSV file that had these rows, header first. */
export function damagedTables(rows: readonly (readonly string[])[]): fc.Arbitrary<Buffer> {
  const cell = fc.record({
    row: fc.nat(1000),
    column: fc.nat(1000),
    text: fc.constantFrom(...NASTY.map(String), ...SNIPPETS),
  });
  const damaged = fc
    .record({
      cells: few(cell, 3),
      edits: fc.oneof({ weight: 2, arbitrary: fc.constant<Edit[]>([]) }, few(edit, 3)),
      bytes: bytesOf,
    })
    .map(({ cells, edits, bytes }) => {
      const table = rows.map((row) => [...row]);
      for (const { row, column, text } of cells) table[row % table.length]![column % table[0]!.length] = text;
      return bytes(edits.reduce(applyEdit, `${table.map((row) => row.join(',')).join('\n')}\n`));
    });
  return fc.oneof({ weight: 9, arbitrary: damaged }, { weight: 1, arbitrary: noise });
}
