/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  // These packages are ESM only, which jest does not load as they are.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|oidc-provider|oidc-token-hash|quick-lru|nanoid|eta|koa.*|@koa/.*|double-metaphone|temporal-polyfill|temporal-utils)/)',
  ],
  // The worker supplies this module in Azure; here the sandbox's host does.
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/test/support/seeded-fast-check.cjs',
    '^@azure/functions-core$': '<rootDir>/sandbox/functions-core.ts',
    // The build makes this one.
    '^api-viewer$': '<rootDir>/test/support/packed-viewer.ts',
  },
  setupFiles: ['<rootDir>/test/setup.ts'],
  // A test waits for events; this only ends one that hangs, however busy the machine is.
  testTimeout: 600_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};
