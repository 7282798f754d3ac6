import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who may know whom (docs/architecture.md): what each folder of shared/ may import of shared/, itself, errors.ts and log.ts apart. */
const knows = {
  scheduling: [],
  managers: ['scheduling', 'user-id.ts'],
  properties: ['scheduling', 'managers', 'user-id.ts'],
  booking: ['scheduling'],
  connection: ['managers', 'scheduling'],
  vapi: ['booking', 'scheduling', 'managers', 'user-id.ts'],
  api: ['managers', 'vapi', 'user-id.ts'],
  pages: [],
};
const zones = [
  ...Object.entries(knows).map(([folder, others]) => ({
    target: `./shared/${folder}`,
    from: './shared',
    except: [folder, 'errors.ts', 'log.ts', ...others],
  })),
  // The adapters implement the ports; services.ts alone knows them.
  ...['microsoft', 'storage', 'mail'].map((folder) => ({
    target: `./shared/${folder}`,
    from: ['./shared/services.ts', './shared/config.ts', './shared/http.ts'],
  })),
  { target: './functions', from: ['microsoft', 'storage', 'mail', 'scheduling'].map((p) => `./shared/${p}`) },
  { target: './shared', from: './functions' },
  { target: ['./shared', './functions'], from: ['./sandbox', './test', './bench', './scripts'] },
];

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', '.sandbox/', 'coverage/', 'infra/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })] },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/extensions': ['error', 'always', { ignorePackages: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['shared/**/*.ts', 'functions/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Pass `now` in: only services.ts reads the clock.',
        },
        {
          selector: 'MemberExpression[object.name="Date"][property.name="now"]',
          message: 'Pass `now` in: only services.ts reads the clock.',
        },
        {
          selector: 'MemberExpression[object.name="process"][property.name="env"]',
          message: 'Only config.ts reads the environment.',
        },
      ],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'date-fns-tz', message: 'Only scheduling/zone.ts calls date-fns-tz.' }] },
      ],
    },
  },
  { files: ['shared/scheduling/zone.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['shared/services.ts', 'shared/config.ts', 'functions/telemetry.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['sandbox/**', 'scripts/**', 'bench/**', 'test/run.ts', 'build.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.d.ts'],
    rules: { 'import-x/no-default-export': 'off', '@typescript-eslint/no-extraneous-class': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
