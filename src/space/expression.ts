/**
 * The language of constraints: CEL over resources, parsed, type-checked and interpreted, never run as JavaScript. Loops,
 * patterns and indexing are left out, so that an expression takes no longer than its length.
 */
import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { inputError, showName, type FieldPath, type Problem } from '../errors.js';
import { AXIS_IDS, CTA_TILE, type AxisId, type AxisValue } from '../model/resources.js';
import { nearestName } from './nearest.js';

/** A value of each axis, in the axis's unit. */
export type AxisValues = Partial<Record<AxisId, AxisValue>>;

/** What an expression reads: a design, and the baseline. */
export type Scope = AxisValues & { base: AxisValues };

/** An expression that can be evaluated. */
export interface Expression {
  /** Names of the axes that it reads from the design. */
  reads: ReadonlySet<string>;
  /** Size of its tree: the work of working it out once. */
  nodes: number;
  /** Whether it holds; throws an input error if it fails. */
  holds: (scope: Scope) => boolean;
}

/** Characters of an expression. */
export const MAX_EXPRESSION_LENGTH = 1000;

const LIMITS = { maxAstNodes: 1000, maxDepth: 50, maxListElements: 1000, maxMapEntries: 0, maxCallArguments: 32 };

const OPERATORS = new Set('value id . list ?: || && !_ -_ != == in + - * / % < <= > >='.split(' '));
const FUNCTIONS = ['min', 'max', 'int', 'double', 'startsWith', 'endsWith', 'contains'];
const NAMES = [...AXIS_IDS, 'base'];
const GRAMMAR = 'a comparison of resource ids, base.<id>, numbers and quoted tiles, joined by && or ||';

/** Knows the variables, `%` of doubles, min and max. */
const environment = (() => {
  const fields = Object.fromEntries(AXIS_IDS.map((id) => [id, id === CTA_TILE.id ? 'string' : 'double']));
  const env = new Environment({ limits: LIMITS });
  for (const [id, type] of Object.entries(fields)) env.registerVariable(id, type);
  env.registerVariable({ name: 'base', schema: fields });
  env.registerOperator('double % double', (a: number, b: number) => a % b);
  env.registerFunction('min(double, double): double', (a: number, b: number) => Math.min(a, b));
  env.registerFunction('max(double, double): double', (a: number, b: number) => Math.max(a, b));
  return env;
})();

/** All numbers are doubles, so that `2 * dram_gbps`, `sm_count == 60` and `1 / 2` mean what they say. */
function withDoubles(expression: string): string {
  return expression.replace(
    /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?/g,
    (token) => (/^\d+$/.test(token) ? `${token}.0` : token),
  );
}

/** One line of the library's message, without its source excerpt, numbers as the user wrote them. */
function reasonOf(error: unknown): string {
  return String((error as Error).message)
    .split('\n')[0]!
    .replaceAll(/(\d)\.0\b/g, '$1')
    .replaceAll(/\bdouble\b(?!\()/g, 'number');
}

const isNode = (part: unknown): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part;

/** Every node of a tree, each before those below it, from left to right. */
function nodesOf(node: ASTNode, nodes: ASTNode[] = []): ASTNode[] {
  nodes.push(node);
  for (const part of [node.args as unknown].flat(3)) if (isNode(part)) nodesOf(part, nodes);
  return nodes;
}

function unknownName(kind: string, name: string, valid: readonly string[]): Problem {
  const nearest = nearestName(name, valid);
  return {
    what: `unknown ${kind} ${showName(name)}`,
    expected: `one of ${valid.join(', ')}`,
    ...(nearest ? { nearest } : {}),
  };
}

/** What of a node is not in the language. */
function nodeProblem(node: ASTNode): Problem | undefined {
  switch (node.op) {
    case 'id':
      return NAMES.includes(node.args) ? undefined : unknownName('name', node.args, NAMES);
    case '.': {
      const [owner, field] = node.args;
      if (owner.op !== 'id' || owner.args !== 'base' || AXIS_IDS.includes(field as AxisId)) return undefined;
      return unknownName("resource of 'base':", field, AXIS_IDS);
    }
    case 'call':
    case 'rcall':
      return FUNCTIONS.includes(node.args[0]) ? undefined : unknownName('function', node.args[0], FUNCTIONS);
    default:
      return OPERATORS.has(node.op) ? undefined : { what: `cannot be read: no ${node.op} here`, expected: GRAMMAR };
  }
}

/** Reads an expression, the field at `path`; throws an input error that says what is wrong with it. */
export function parseExpression(text: string, path: FieldPath): Expression {
  const fail = (problem: Problem): never => {
    const { what, ...rest } = problem;
    throw inputError({ path, what, got: text, ...rest });
  };
  if (text.length > MAX_EXPRESSION_LENGTH)
    fail({ what: 'too long', expected: `at most ${MAX_EXPRESSION_LENGTH} characters` });
  const parsed = attempt(
    () => environment.parse(withDoubles(text)),
    (reason) => fail({ what: `cannot be read: ${reason}`, expected: GRAMMAR }),
  );
  const nodes = nodesOf(parsed.ast);
  const problem = nodes.map(nodeProblem).find((p) => p !== undefined);
  if (problem) fail(problem);
  const { valid, type, error } = parsed.check();
  if (!valid) fail({ what: `cannot be read: ${reasonOf(error)}`, expected: GRAMMAR });
  if (type !== 'bool')
    fail({ what: `is a ${type === 'double' ? 'number' : type}`, expected: 'a comparison, true or false' });
  return {
    reads: new Set(nodes.flatMap((node) => (node.op === 'id' ? [node.args] : []))),
    nodes: nodes.length,
    holds: (scope) =>
      attempt(
        () => parsed(scope) === true,
        (reason) => fail({ what: `fails: ${reason}`, expected: 'true or false' }),
      ),
  };
}

/** The outcome of the library's call, or what `otherwise` makes of the reason why it failed. */
function attempt<T>(call: () => T, otherwise: (reason: string) => never): T {
  try {
    return call();
  } catch (error) {
    return otherwise(reasonOf(error));
  }
}
