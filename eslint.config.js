import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The modules, in the order that data flows, and the modules that each may import from (src/README.md). */
const MAY_IMPORT = {
  model: [],
  space: ['model'],
  analysis: ['model', 'space'],
  engine: ['model', 'space', 'analysis'],
  storage: ['model', 'space', 'analysis', 'engine'],
  study: ['model', 'space', 'analysis', 'engine', 'storage'],
  report: ['model', 'space', 'analysis', 'engine', 'storage', 'study'],
  cli: ['model', 'space', 'analysis', 'engine', 'storage', 'study', 'report'],
};
const MODULES = Object.keys(MAY_IMPORT);

/** Folders within a module, and what they may not import: the rest of their module, or all that is impure. */
const PURE = ['model', 'space', 'analysis', 'engine/frontier', 'cli/schedulers'];
const IMPURE = ['space/files'];
const IMPURE_PACKAGES = '^(node:|piscina|better-sqlite3|apache-arrow|p-queue|yargs)';

function importPatterns(module) {
  const forbidden = MODULES.filter((other) => other !== module && !MAY_IMPORT[module].includes(other));
  const patterns = [];
  if (forbidden.length > 0)
    patterns.push({
      regex: `^\\.\\.?/(.*/)?(${forbidden.join('|')})/`,
      message: `src/${module} may import from: ${MAY_IMPORT[module].join(', ') || 'nothing'} (and errors.ts).`,
    });
  if (module === 'engine')
    patterns.push({ regex: '^(better-sqlite3|apache-arrow)', message: 'Only src/storage knows how rows are stored.' });
  return patterns;
}

const mayImport = (module) => ({
  files: [`src/${module}/**/*.{ts,cts}`],
  rules: { 'no-restricted-imports': ['error', { patterns: importPatterns(module) }] },
});

/** A pure folder computes: no files, threads, database, clock or randomness. */
const pure = (folder) => ({
  files: [`src/${folder}/**/*.{ts,cts}`],
  ignores: IMPURE.map((impure) => `src/${impure}/**`),
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...importPatterns(folder.split('/')[0]),
          { regex: IMPURE_PACKAGES, message: `src/${folder} is pure: the same point always gives the same number.` },
          { regex: '^\\.\\.?/(.*/)?files/', message: `src/${folder} reads no file.` },
        ],
      },
    ],
    'no-restricted-globals': ['error', 'process', 'console', 'performance', 'Date', 'setTimeout', 'crypto'],
    'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Results must repeat.' }],
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'results/', 'src/engine/staged/assembly/', 'src/**/validators/*.js'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,cts}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.name='eval'], NewExpression[callee.name='Function']",
          message: 'Never run text.',
        },
      ],
    },
  },
  ...MODULES.map(mayImport),
  ...PURE.map(pure),
  {
    files: ['src/study/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        ...['stdout', 'stderr', 'exit', 'exitCode'].map((property) => ({
          ...{ object: 'process', property, message: 'The library prints nothing and ends no process.' },
        })),
      ],
    },
  },
  {
    files: ['src/errors.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '.*', message: 'errors.ts imports nothing.' }] }],
    },
  },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: globals.node } },
);
