import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const FOLDERS = [
  'model',
  'trace',
  'files',
  'space',
  'analysis',
  'frontier',
  'engine',
  'storage',
  'report',
  'cluster',
  'cli',
];

/** Who may import whom: each folder of src/ and the folders it may import from (src/README.md). */
const MAY_IMPORT = {
  model: [],
  trace: ['model'],
  space: ['model'],
  files: ['model', 'space'],
  analysis: ['model', 'space'],
  frontier: ['model', 'space', 'analysis'],
  engine: ['model', 'space', 'analysis', 'frontier'],
  storage: ['model', 'space', 'analysis', 'frontier', 'engine'],
  report: ['model', 'space', 'analysis', 'engine', 'storage'],
  cluster: [],
  cli: FOLDERS,
};

/** Folders that compute: no files, threads, database, clock or randomness. */
const PURE = ['model', 'trace', 'space', 'analysis', 'frontier', 'cluster'];
const IMPURE_PACKAGES = '^(node:|piscina|better-sqlite3|apache-arrow|p-queue|yargs)';

function arrows([folder, allowed]) {
  const forbidden = FOLDERS.filter((other) => other !== folder && !allowed.includes(other));
  const patterns = [];
  if (forbidden.length > 0)
    patterns.push({
      regex: `^\\.\\.?/(.*/)?(${forbidden.join('|')})/`,
      message: `src/${folder} may import from: ${allowed.join(', ') || 'nothing'} (and errors.ts).`,
    });
  if (PURE.includes(folder))
    patterns.push({
      regex: IMPURE_PACKAGES,
      message: `src/${folder} is pure: the same point always gives the same number.`,
    });
  if (folder === 'engine')
    patterns.push({ regex: '^(better-sqlite3|apache-arrow)', message: 'Only src/storage knows how rows are stored.' });
  return {
    files: [`src/${folder}/**/*.{ts,cts}`],
    rules: {
      'no-restricted-imports': ['error', { patterns }],
      ...(PURE.includes(folder)
        ? { 'no-restricted-globals': ['error', 'process', 'console', 'performance', 'Date', 'setTimeout', 'crypto'] }
        : {}),
      ...(PURE.includes(folder)
        ? {
            'no-restricted-properties': [
              'error',
              { object: 'Math', property: 'random', message: 'Results must repeat.' },
            ],
          }
        : {}),
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'results/', 'src/engine/kernel/assembly/'] },
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
  { files: ['**/*.cts'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  ...Object.entries(MAY_IMPORT).map(arrows),
  {
    files: ['src/errors.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '.*', message: 'errors.ts imports nothing.' }] }],
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
);
