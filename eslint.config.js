import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who may know whom (docs/architecture.md): what each folder of shared/ may import of shared/, besides itself. */
const knows = {
  core: [],
  scheduling: ['core'],
  managers: ['core', 'scheduling'],
  properties: ['core', 'scheduling', 'managers'],
  booking: ['core', 'scheduling'],
  notifications: ['core', 'azure'],
  messages: ['core', 'managers', 'notifications'],
  connections: ['core', 'managers', 'scheduling', 'notifications'],
  snapshots: ['core', 'managers', 'scheduling', 'booking', 'connections'],
  voice: ['core', 'scheduling', 'managers', 'properties', 'booking', 'messages', 'connections'],
  vapi: ['core', 'voice'],
  http: ['core', 'managers', 'properties', 'booking', 'messages', 'connections', 'voice'],
  // The adapters implement the ports; app.ts alone knows them.
  azure: ['core'],
  microsoft: ['core', 'azure', 'scheduling', 'managers', 'booking', 'connections'],
  storage: [
    'core',
    'azure',
    'scheduling',
    'managers',
    'properties',
    'booking',
    'messages',
    'connections',
    'snapshots',
    'voice',
  ],
  telemetry: ['core', 'azure', 'storage', 'voice'],
};
/** The same within voice/understanding: text becomes words, words say something, and that is laid on the calendar. */
const understands = {
  words: [],
  grammar: ['words'],
  calendar: ['words', 'grammar', 'reading.ts'],
  contacts: ['words'],
};
const adapters = ['azure', 'microsoft', 'storage', 'telemetry'];
const zones = [
  ...Object.entries(knows).map(([folder, others]) => ({
    target: `./shared/${folder}`,
    from: './shared',
    except: [folder, ...others],
  })),
  ...Object.entries(understands).map(([folder, others]) => ({
    target: `./shared/voice/understanding/${folder}`,
    from: './shared/voice/understanding',
    except: [folder, ...others],
  })),
  {
    target: './functions',
    from: [...adapters.filter((name) => name !== 'telemetry'), 'scheduling'].map((p) => `./shared/${p}`),
  },
  { target: './shared', from: './functions' },
  { target: ['./shared', './functions'], from: ['./sandbox', './test', './bench', './scripts'] },
];

/** What a function exported by shared/ takes, gives and throws stands above it, or above its first overload. */
const exportedFunctionsHaveADocstring = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { missing: 'Say above it what `{{name}}` does: /** ... */' },
  },
  create(context) {
    const seen = new Set();
    function check(node) {
      const name = node.id?.name ?? '';
      const isOverload = seen.has(name);
      seen.add(name);
      const comment = context.sourceCode.getCommentsBefore(node.parent).at(-1);
      if (!isOverload && !(comment?.type === 'Block' && comment.value.startsWith('*')))
        context.report({ node, messageId: 'missing', data: { name } });
    }
    return {
      'ExportNamedDeclaration > FunctionDeclaration': check,
      'ExportNamedDeclaration > TSDeclareFunction': check,
    };
  },
};

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
          selector:
            'ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > ArrowFunctionExpression',
          message: 'Export a function as a `function` declaration.',
        },
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Pass `now` in: only app.ts reads the clock.',
        },
        {
          selector: 'MemberExpression[object.name="Date"][property.name="now"]',
          message: 'Pass `now` in: only app.ts reads the clock.',
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
  {
    files: ['shared/**/*.ts'],
    plugins: { house: { rules: { 'exported-functions-have-a-docstring': exportedFunctionsHaveADocstring } } },
    rules: { 'house/exported-functions-have-a-docstring': 'error' },
  },
  { files: ['shared/scheduling/zone.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['shared/app.ts', 'shared/config.ts', 'shared/entry.ts'],
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
