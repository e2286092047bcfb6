import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Packages that only one place may know, so that each can be replaced there. */
const only = (name, where) => ({ name, message: `Only ${where} knows ${name}.` });

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'test/samples/', 'test/fixtures/', 'jobs/*.mjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './test/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess asks for it wherever an index is known to be in range
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off', // ports are asynchronous, some adapters are not
      'no-control-regex': 'off', // control characters are what the cleaning of texts is about
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts', 'jobs/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'natural', message: 'It prints, reads .env and replaces Math.sign: import its sub-paths, as natural/lib/natural/...' },
            only('mongodb', 'src/store/mongo'),
            only('libsql', 'src/store/sqlite'),
            only('bullmq', 'src/queue'),
            only('ioredis', 'src/queue'),
          ],
        },
      ],
    },
  },
  { files: ['src/store/mongo/**', 'src/store/sqlite/**', 'src/queue/**'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['**/*.{js,cjs,mjs}'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { parserOptions: { project: null }, globals: { module: 'writable', process: 'readonly' } },
  },
  { files: ['test/**'], rules: { 'no-console': 'off' } },
);
