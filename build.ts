// Bundles the app into dist/main.cjs, and prints the bundle's build id. `npm run build`.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { packViewer } from './scripts/api-viewer.ts';

/** Stands in the bundle until its hash is known; as long as the id that takes its place, so that the source map stays true. */
const NO_ID = 'build-id-yet';

rmSync('dist', { recursive: true, force: true });
const entries = readdirSync('functions').filter((name) => name.endsWith('.ts'));
const { outputFiles } = await build({
  write: false,
  define: { BUILD_ID: JSON.stringify(NO_ID) },
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

mkdirSync('dist');
const hash = createHash('sha256');
for (const { contents } of outputFiles) hash.update(contents);
const buildId = hash.digest('hex').slice(0, NO_ID.length);
for (const { path, text } of outputFiles) writeFileSync(path, text.replaceAll(NO_ID, buildId));
console.log(`Build ${buildId}`);
