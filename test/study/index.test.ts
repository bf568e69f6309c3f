/** The package's index names every type that its signatures name, so that users can. */
import { expect, it } from '@jest/globals';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const DIST = fileURLToPath(new URL('../../dist/src', import.meta.url));
const INDEX = fileURLToPath(new URL('../../dist/src/index.d.ts', import.meta.url));

/** The named types of the package that the public part of a declaration refers to. */
function referencesOf(node: ts.Node, checker: ts.TypeChecker): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (at: ts.Node): void => {
    const isPrivate =
      ts.canHaveModifiers(at) && ts.getModifiers(at)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
    if (isPrivate) return;
    const name = ts.isTypeReferenceNode(at)
      ? at.typeName
      : ts.isExpressionWithTypeArguments(at)
        ? at.expression
        : undefined;
    const symbol = name && checker.getSymbolAtLocation(name);
    if (symbol) found.push(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
    ts.forEachChild(at, visit);
  };
  visit(node);
  return found.filter(({ declarations: [first] = [] }) => first && isExported(first));
}

/** Whether its module exports a type; others are written out by the compiler, or cannot be named by anybody. */
const isExported = (declaration: ts.Declaration) =>
  (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;

it('index.ts exports every type of the package that the declarations of its exports name', () => {
  const program = ts.createProgram([INDEX], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
  });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!);
  const symbols = exported.map((symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  );
  expect(symbols.length).toBeGreaterThan(100);
  const missing = symbols.flatMap((symbol) =>
    (symbol.declarations ?? [])
      .flatMap((declaration) => referencesOf(declaration, checker))
      .filter((named) => !symbols.includes(named))
      .filter(({ declarations: [first] = [] }) => first!.getSourceFile().fileName.startsWith(DIST))
      .map(
        (named) =>
          `${named.name} (${relative(DIST, named.declarations![0]!.getSourceFile().fileName)}), named by ${symbol.name}`,
      ),
  );
  expect([...new Set(missing)]).toEqual([]);
});
