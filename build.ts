// Bundles the app, and prints its build id. `npm run build`.
//
// dist/app.cjs is the app. dist/main.cjs, which the Functions worker loads, registers the functions that the app registers, and
// loads the app after that (shared/entry.ts).
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { packViewer } from './scripts/api-viewer.ts';

/** Stands in the bundle until its hash is known; as long as the id that takes its place, so that the source map stays true. */
const NO_ID = 'build-id-yet';

const options = {
  write: false,
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
  external: ['@azure/functions-core', './app.cjs'],
  logLevel: 'warning',
} as const satisfies BuildOptions;

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
const entries = readdirSync('functions').filter((name) => name.endsWith('.ts'));
const app = await build({
  ...options,
  define: { BUILD_ID: JSON.stringify(NO_ID) },
  stdin: {
    contents: entries.map((name) => `import './functions/${name}';`).join('\n'),
    resolveDir: '.',
    loader: 'ts',
  },
  outfile: 'dist/app.cjs',
  plugins: [
    {
      name: 'entry',
      setup(builder) {
        builder.onResolve({ filter: /^@azure\/functions$/ }, () => ({ path: './main.cjs', external: true }));
      },
    },
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
});

const hash = createHash('sha256');
for (const { contents } of app.outputFiles) hash.update(contents);
const buildId = hash.digest('hex').slice(0, NO_ID.length);
for (const { path, text } of app.outputFiles) writeFileSync(path, text.replaceAll(NO_ID, buildId));

const listing = spawnSync(process.execPath, ['scripts/registrations.ts'], { encoding: 'utf8' });
if (listing.status !== 0) throw new Error(`The app does not load:\n${listing.stderr}`);
const { http, timers } = JSON.parse(listing.stdout) as { http: unknown; timers: unknown };
const main = await build({
  ...options,
  define: { HTTP_FUNCTIONS: JSON.stringify(http), TIMER_FUNCTIONS: JSON.stringify(timers) },
  entryPoints: ['shared/entry.ts'],
  outfile: 'dist/main.cjs',
});
for (const { path, contents } of main.outputFiles) writeFileSync(path, contents);
console.log(`Build ${buildId}`);
