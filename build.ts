// Bundles the app into dist/main.cjs. `npm run build`.
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { packViewer } from './scripts/api-viewer.ts';

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
  // ES modules first: of OpenTelemetry's SDK a third is left over when what nobody calls falls away.
  mainFields: ['module', 'main'],
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  minify: true,
  keepNames: true,
  // The Functions worker supplies it at run time; it is no package.
  external: ['@azure/functions-core'],
  plugins: [
    {
      // zod carries its messages in 40 languages, and nothing here speaks any but the first.
      name: 'zod-locales',
      setup(builder) {
        builder.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
          contents: "export { default as en } from './en.js';",
        }));
      },
    },
    {
      name: 'api-viewer',
      setup(builder) {
        builder.onResolve({ filter: /^api-viewer$/ }, ({ path }) => ({ path, namespace: 'api-viewer' }));
        builder.onLoad({ filter: /.*/, namespace: 'api-viewer' }, () => ({
          contents: Object.entries(packViewer())
            .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
            .join('\n'),
        }));
      },
    },
  ],
  logLevel: 'warning',
});
