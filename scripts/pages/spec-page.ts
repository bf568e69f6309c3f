/** docs/spec.md: every field of every file that users write, from the schemas that check them. */
import { SCHEMAS, type JsonSchema } from '../../src/space/files/schemas.js';
import { showNumber } from '../../src/model/units.js';
import { alignedTable } from '../markdown.js';

/** A kind of file: its name among the schemas, and what is said of it before its fields. */
interface FileKind {
  heading: string;
  kind: keyof typeof SCHEMAS;
  words: string;
}

const KINDS: readonly FileKind[] = [
  {
    heading: 'A sweep spec',
    kind: 'sweep',
    words:
      'What `run`, `plan` and `frontier` take. The grid is the Cartesian product of options, axes, linked groups and workloads. Built in: `sweeps/*.yaml`.',
  },
  {
    heading: 'A GPU file',
    kind: 'gpu',
    words: 'What `baseline` and `--gpu` take by path. Built in: `delta-sweep gpus`.',
  },
  {
    heading: 'A network file',
    kind: 'network',
    words: 'What `workloads[].network` and `--network` take by path. Built in: `delta-sweep networks`.',
  },
  {
    heading: 'A file of cost constants',
    kind: 'costs',
    words:
      'What `costs` and `--costs` take by path: the constants of area and energy ([model.md](model.md), 6). All of them, or with `extends` those that differ.',
  },
  {
    heading: 'A file of dies',
    kind: 'dies',
    words: 'The published dies that `delta-sweep gpus --dies` holds the areas against.',
  },
];

/** Choices that are listed; longer lists are the names of metrics. */
const MOST_CHOICES = 8;

type Properties = Record<string, JsonSchema>;

const propertiesOf = (schema: JsonSchema) => schema['properties'] as Properties | undefined;

/** The schema that a reference stands for, with what is said beside it. */
function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref: reference, allOf } = schema as { $ref?: string; allOf?: JsonSchema[] };
  if (allOf) return { ...resolved(allOf[0]!, root), description: schema['description'] };
  return reference ? (root['$defs'] as Properties)[reference.replace('#/$defs/', '')]! : schema;
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** `1 to 65,536`, `more than 0, at most 1,000`, `at least 0`. */
function bounds({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const show = (value: unknown) =>
    Number(value) < 1e-3 && Number(value) > 0 ? String(value) : showNumber(Number(value));
  const most = maximum === undefined ? '' : show(maximum);
  if (exclusiveMinimum !== undefined) return `more than ${show(exclusiveMinimum)}${most && `, at most ${most}`}`;
  if (minimum === undefined) return most && `at most ${most}`;
  return most ? `${show(minimum)} to ${most}` : `at least ${show(minimum)}`;
}

/** What a field takes, in words. */
function typeOf(schema: JsonSchema, root: JsonSchema): string {
  const whole = resolved(schema, root);
  const choices = whole['enum'] as unknown[] | undefined;
  if (choices)
    return choices.length > MOST_CHOICES ? 'a metric ([metrics.md](metrics.md))' : choices.map(code).join(', ');
  if ('const' in whole) return code(whole['const']);
  switch (whole['type']) {
    case 'integer':
      return `whole number, ${bounds(whole)}`;
    case 'number':
      return `number, ${bounds(whole)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return textOf(whole);
    case 'array':
      return listOf(whole, root);
    case 'object':
      return propertiesOf(whole) ? 'fields, below' : 'any names';
    default:
      return `whole number, or a list of 2, ${bounds(whole)}`;
  }
}

function textOf({ pattern, maxLength }: JsonSchema): string {
  const most = maxLength === undefined ? '' : `, at most ${showNumber(Number(maxLength))} characters`;
  return pattern === undefined ? `text${most}` : `text like ${code(pattern)}${most}`;
}

function listOf({ items, minItems, maxItems, uniqueItems }: JsonSchema, root: JsonSchema): string {
  const [least, most] = [Number(minItems ?? 0), maxItems === undefined ? undefined : Number(maxItems)];
  const count = most === undefined ? (least > 0 ? ` of ${least} or more` : '') : ` of ${least} to ${showNumber(most)}`;
  const item = resolved(items as JsonSchema, root);
  return `list${count}${uniqueItems ? ', each once' : ''}: ${propertiesOf(item) ? 'fields, below' : typeOf(item, root)}`;
}

/** An object whose fields have a table of their own, at its path. */
interface Section {
  path: string;
  schema: JsonSchema;
}

/** Objects under a path, each kind of them once: those with the same fields are told where they first come up. */
function sectionsUnder({ path, schema }: Section, root: JsonSchema, told: Map<string, string>): Section[] {
  return Object.entries(propertiesOf(schema) ?? {}).flatMap(([name, field]): Section[] => {
    const whole = resolved(field, root);
    const isList = whole['type'] === 'array';
    const inner = isList ? resolved(whole['items'] as JsonSchema, root) : whole;
    const other = inner['additionalProperties'];
    const more = typeof other === 'object' ? resolved(other as JsonSchema, root) : undefined;
    const isMap = !propertiesOf(inner) && more !== undefined && propertiesOf(more) !== undefined;
    const section = isMap
      ? { path: `${path}${name}.<node>`, schema: more }
      : { path: `${path}${name}${isList ? '[]' : ''}`, schema: inner };
    const fields = Object.keys(propertiesOf(section.schema) ?? {});
    const key = fields.join(' ');
    if (fields.length === 0 || told.has(key)) return [];
    told.set(key, section.path);
    return [section, ...sectionsUnder({ ...section, path: `${section.path}.` }, root, told)];
  });
}

/** The table of an object's fields. */
function fieldTable(schema: JsonSchema, root: JsonSchema): string {
  const required = (schema['required'] ?? []) as string[];
  const rows = Object.entries(propertiesOf(schema)!).map(([name, field]) => {
    const whole = resolved(field, root);
    const { default: value } = whole;
    const standard = value !== undefined ? code(value) : required.includes(name) ? 'required' : '-';
    return [code(name), typeOf(field, root), standard, (whole['description'] as string | undefined) ?? '-'];
  });
  return alignedTable([{ heading: 'field' }, { heading: 'takes' }, { heading: 'default' }, { heading: 'means' }], rows);
}

function fileSection({ heading, kind, words }: FileKind): string {
  const schema: JsonSchema = SCHEMAS[kind];
  const file = `${kind}.schema.json`;
  const told = new Map<string, string>();
  const sections = sectionsUnder({ path: '', schema }, schema, told);
  return [
    `## ${heading}`,
    `${words} Schema: [sweeps/schema/${file}](../sweeps/schema/${file}).`,
    fieldTable(schema, schema),
    ...sections.flatMap(({ path, schema: inner }) => [
      `### \`${path}\``,
      ...(likeOf(path, inner, schema) ?? []),
      fieldTable(inner, schema),
    ]),
  ].join('\n\n');
}

/** What is said of a table that stands for several. */
function likeOf(path: string, schema: JsonSchema, root: JsonSchema): string[] | undefined {
  const fields = Object.keys(propertiesOf(schema)!).join(' ');
  if (fields === 'scale values range')
    return [
      'An axis has exactly one of these. `sm_count` stands for all that are numbers: their bounds are those of the GPU file, below. Axes in `linked` have as many values each.',
    ];
  if (fields === 'value low high unit source node')
    return ['This one stands for every constant; the unit is the one in brackets above.'];
  return path === 'axes' && root === SCHEMAS.sweep
    ? ['The axes; what each is and its unit: [metrics.md](metrics.md).']
    : undefined;
}

const HEAD = `# The files that you write

Generated from the schemas that check them, by \`npm run docs\`. Files are YAML or JSON. A wrong field is refused with file, line, what was expected and
the nearest name; editors complete fields with the schemas under \`sweeps/schema/\`. Names of built-in things are looked up; everything else is a
path relative to the file that names it. Limits of whole files: [study.md](study.md), "Limits".`;

export function specPage(): string {
  return `${[HEAD, ...KINDS.map(fileSection)].join('\n\n')}\n`;
}
