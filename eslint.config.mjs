import comments from '@eslint-community/eslint-plugin-eslint-comments';
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { depConstraints } from './tools/lint/boundaries.mjs';
import { names } from './tools/lint/names.mjs';

// Without a graph on disk the boundary rule skips itself in silence, so make a fresh one first.
process.env.NX_DAEMON = 'false';
await createProjectGraphAsync({ exitOnError: true });

const tests = ['**/*.test.ts', '**/*.features.ts'];
const boundaries = (allow = []) => ({
  '@nx/enforce-module-boundaries': ['error', { allow, depConstraints, banTransitiveDependencies: true }],
});

const exportsByName = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportAllDeclaration', message: 'List the names: the index is the public surface.' },
];
const noClock = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Time comes in with the command.',
  },
  { selector: 'CallExpression[callee.name="Date"]', message: 'Time comes in with the command.' },
];
const environment = {
  object: 'process',
  property: 'env',
  message: 'The environment is read once, by service-kit; take the typed Config.',
};
const testingOnlyInTests = { group: ['#libs/testing'], message: 'For tests, bench and apps/e2e only.' };
// Local mode is an entry of the SDK with an index of its own.
const indexOnly = {
  regex: '^#(libs|apps)/(?!sdk/local$)[^/]+/',
  message: 'Import from the index of the library.',
};
// The boundary rule does not see relative paths that end in .js.
const noWayAround = {
  regex: '^\\.\\..*/(src|libs|apps|bench)/',
  message: 'Another project is imported by its #name.',
};

export default defineConfig(
  { ignores: ['**/dist/**', '**/node_modules/**', '.data/**', '.nx/**', 'coverage/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    plugins: { comments },
    rules: {
      'comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      'comments/no-unlimited-disable': 'error',
      'max-lines': ['error', 250],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      complexity: ['error', 8],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin, '@nx': nx, names },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.tests.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'names/file-name': 'error',
      'names/empty-name': 'error',
      'max-lines-per-function': ['error', 50],
      'no-restricted-syntax': ['error', ...exportsByName],
      'no-restricted-properties': ['error', environment],
      'no-restricted-imports': ['error', { patterns: [testingOnlyInTests, indexOnly, noWayAround] }],
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      ...boundaries(),
    },
  },
  { files: ['apps/*/src/main.ts'], rules: { 'max-lines': ['error', 40] } },
  { files: ['**/*.module.ts'], rules: { 'max-lines': ['error', 90] } },
  {
    files: ['libs/packet/src/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'crypto',
        'performance',
        'fetch',
        'setTimeout',
        'setInterval',
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'The domain imports nothing.' }, noWayAround] },
      ],
      'no-restricted-syntax': ['error', ...exportsByName, ...noClock],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes in with the command.' },
        { object: 'Math', property: 'random', message: 'Ids come in with the command.' },
      ],
    },
  },
  {
    // Runs wherever there is fetch: in browsers, Bun and Deno too. Local mode has an entry of its own.
    files: ['libs/sdk/src/**/*.ts'],
    ignores: [...tests, 'libs/sdk/src/local/**'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'global', 'setImmediate'],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'The SDK has no dependencies.' }, noWayAround] },
      ],
    },
  },
  { files: ['libs/service-kit/src/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
  // A shell's settings are the CLI's own: they are read once, and handed on as a part of the shell.
  { files: ['apps/cli/src/main.ts'], rules: { 'no-restricted-properties': 'off' } },
  // It looks for programs and starts them: both need PATH and HOME.
  { files: ['libs/embedded/src/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
  // These talk to the person who started them.
  {
    files: ['apps/standalone/src/**/*.ts', 'apps/projector/src/cli.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  // Standalone is the composition of the applications; nothing else may import one.
  { files: ['apps/standalone/src/**/*.ts'], rules: boundaries(['#apps/*']) },
  {
    files: [...tests, 'libs/testing/**/*.ts', 'apps/e2e/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-imports': ['error', { patterns: [indexOnly, noWayAround] }],
    },
  },
  {
    files: [...tests, 'apps/e2e/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': 'off',
      'max-depth': ['error', 4],
      complexity: ['error', 12],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // A library's test may use #libs/testing, which knows that library: a circle only on paper.
  { files: tests, rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off', 'names/file-name': 'off', 'max-params': 'off' },
  },
);
