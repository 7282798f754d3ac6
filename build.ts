// Bundles the app into dist/main.cjs. `npm run build`.
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
const entries = readdirSync('functions').filter((name) => name.endsWith('.ts'));
await build({
  stdin: {
    contents: entries.map((name) => `import './functions/${name}';`).join('\n'),
    resolveDir: '.',
    loader: 'ts',
  },
  outfile: 'dist/main.cjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  // The Functions worker supplies it at run time; it is no package.
  external: ['@azure/functions-core'],
  logLevel: 'warning',
});
