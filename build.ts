// Bundles the app, and prints its build id. `npm run build`.
//
// The Functions worker loads dist/main.cjs (shared/entry.ts), which registers all functions. After that it loads dist/app.mjs, the
// webhook, and, when another function is first called, dist/routes.mjs. What the code imports with `await import(...)` is in
// files of its own, which load when they are first needed. Code that two files need is in a third one: there is one copy of it.
import { build } from 'esbuild';
import type { BuildOptions, OutputFile, Plugin } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { packViewer } from './scripts/api-viewer.ts';

/** In the bundle until its hash is known. It is as long as the id that replaces it, so that the source map stays true. */
const NO_ID = 'build-id-yet';

const options = {
  write: false,
  bundle: true,
  platform: 'node',
  // ES modules first: of OpenTelemetry's SDK a third is left over when what nobody calls falls away.
  mainFields: ['module', 'main'],
  target: 'node24',
  sourcemap: true,
  // The repository has the sources: the maps need not carry them into every deployment.
  sourcesContent: false,
  // Names stay as they are: stack traces in the logs are read by people, and some libraries go by them.
  minifyWhitespace: true,
  minifySyntax: true,
  // The Functions worker supplies the first at run time; it is no package.
  external: ['@azure/functions-core', './app.mjs', './routes.mjs'],
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** To the app, dist/main.cjs is `@azure/functions`. */
const functionsLibrary: Plugin = {
  name: 'functions-library',
  setup(builder) {
    builder.onResolve({ filter: /^@azure\/functions$/ }, () => ({ path: './main.cjs', external: true }));
  },
};

/** Files of packages that the build replaces, and their new contents. */
const REPLACED: readonly { readonly file: RegExp; readonly contents: string }[] = [
  {
    // zod carries its messages in 40 languages, and nothing here speaks any but the first.
    file: /zod[\\/]v4[\\/]locales[\\/]index\.js$/,
    contents: "export { default as en } from './en.js';",
  },
  {
    // Tables speak JSON. Only some errors are XML, and no request is.
    file: /@azure[\\/]core-xml[\\/]dist[\\/]esm[\\/]index\.js$/,
    contents: `
      export const parseXML = async (...given) => (await import('./xml.js')).parseXML(...given);
      export const stringifyXML = () => { throw new Error('No request has an XML body'); };
    `,
  },
];

const replaced: Plugin = {
  name: 'replaced',
  setup(builder) {
    for (const { file, contents } of REPLACED) builder.onLoad({ filter: file }, () => ({ contents }));
  },
};

const apiViewer: Plugin = {
  name: 'api-viewer',
  setup(builder) {
    builder.onResolve({ filter: /^api-viewer$/ }, ({ path }) => ({ path, namespace: 'api-viewer' }));
    builder.onLoad({ filter: /.*/, namespace: 'api-viewer' }, () => ({
      contents: Object.entries(packViewer())
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n'),
    }));
  },
};

const functions = readdirSync('functions').filter((name) => name.endsWith('.ts'));

/** The functions that the worker loads at once; all others are in dist/routes.mjs. */
const FIRST = ['vapi-webhook.ts'];

const files: Readonly<Record<string, readonly string[]>> = {
  app: functions.filter((name) => FIRST.includes(name)),
  routes: functions.filter((name) => !FIRST.includes(name)),
};

const entryFiles: Plugin = {
  name: 'entry-files',
  setup(builder) {
    builder.onResolve({ filter: /^entry:/ }, ({ path }) => ({
      path: path.slice('entry:'.length),
      namespace: 'entry',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
      contents: files[path]?.map((name) => `import './functions/${name}';`).join('\n') ?? '',
      resolveDir: '.',
    }));
  },
};

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
const app = await build({
  ...options,
  format: 'esm',
  splitting: true,
  entryPoints: Object.keys(files).map((name) => ({ in: `entry:${name}`, out: name })),
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  // For packages that are no ES modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  define: { BUILD_ID: JSON.stringify(NO_ID) },
  plugins: [entryFiles, functionsLibrary, replaced, apiViewer],
});

function write({ outputFiles }: { readonly outputFiles: readonly OutputFile[] }, id = NO_ID): void {
  for (const { path, text } of outputFiles) writeFileSync(path, text.replaceAll(NO_ID, id));
}

// The entry is built from what the app registers.
write(app);
const listing = spawnSync(process.execPath, ['scripts/registrations.ts'], { encoding: 'utf8' });
if (listing.status !== 0) throw new Error(`The app does not load:\n${listing.stderr}`);
const { http, timers } = JSON.parse(listing.stdout) as { http: unknown; timers: unknown };
const main = await build({
  ...options,
  format: 'cjs',
  define: { HTTP_FUNCTIONS: JSON.stringify(http), TIMER_FUNCTIONS: JSON.stringify(timers) },
  entryPoints: ['shared/entry.ts'],
  outfile: 'dist/main.cjs',
});

// Of every file that is deployed: a deployment is over when the new id answers, whatever has changed.
const hash = createHash('sha256');
const built = [...app.outputFiles, ...main.outputFiles].sort((a, b) => (a.path < b.path ? -1 : 1));
for (const { contents } of built) hash.update(contents);
for (const name of ['host.json', 'package.json']) hash.update(readFileSync(name));
const buildId = hash.digest('hex').slice(0, NO_ID.length);
write(app, buildId);
write(main);
console.log(`Build ${buildId}`);
