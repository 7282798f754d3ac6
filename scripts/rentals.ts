// The homes of a deployed app, or of the sandbox: npm run rentals -- COMMAND --app https://HOST --key FUNCTION_KEY --user-id ID
//
//   import FILE [--source NAME] [--dry-run] [--confirm]   a listing file (CSV, XML or JSON)
//   list                                                  all homes
//   source add URL [--source NAME] [--every-hours N]      a feed that is read regularly, and now
//   source list | source run NAME | source remove NAME
//   searches                                              what callers looked for
//   sample --feed URL                                     the sandbox's two managers with twelve homes
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRentalsClient, table } from './rentals-client.ts';
import type { ImportResult } from './rentals-client.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    app: { type: 'string', default: process.env['PETERENTAL_APP'] ?? 'http://localhost:7071' },
    key: { type: 'string', default: process.env['PETERENTAL_KEY'] ?? '' },
    'user-id': { type: 'string' },
    source: { type: 'string' },
    'every-hours': { type: 'string' },
    feed: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    confirm: { type: 'boolean', default: false },
  },
});

const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.xml': 'application/xml',
  '.json': 'application/json',
};
const client = createRentalsClient(values.app, values.key);

function need(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new Error(`${what} is missing; see scripts/rentals.ts`);
  return value;
}

function printReport(report: ImportResult): void {
  const { added, changed, unchanged, gone, applied } = report;
  console.log(table([{ added, changed, unchanged, gone, unreadable: report.unreadable.length }]));
  if (report.unreadable.length > 0) console.log(`\nNot read:\n${table(report.unreadable)}`);
  for (const warning of report.warnings) console.log(`Warning: ${warning}`);
  for (const viewing of report.affected_viewings) {
    console.log(`Still booked: ${viewing.property_address} at ${viewing.start_time}`);
  }
  if (!applied) console.log('Nothing was written.');
}

async function importFile(userId: string, file: string, source: string | undefined): Promise<void> {
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined) throw new Error(`${file} must end in .csv, .xml or .json`);
  const before = values['dry-run'] ? [] : await client.list(userId);
  const options = { source, dryRun: values['dry-run'], confirm: values.confirm };
  printReport(await client.importFile(userId, readFileSync(file), type, options));
  if (!values['dry-run']) printChanges(before, await client.list(userId));
}

/** Which homes are new or other than before. */
function printChanges(
  before: readonly Readonly<Record<string, unknown>>[],
  after: readonly Readonly<Record<string, unknown>>[],
): void {
  const known = new Map(before.map((home) => [home['property_id'], home]));
  const rows = after.flatMap((home) => {
    const old = known.get(home['property_id']);
    const fields = old
      ? Object.keys(home).filter((name) => name !== 'seen_at' && !isEqual(home[name], old[name]))
      : [];
    if (old && fields.length === 0) return [];
    const what = old
      ? fields.map((name) => `${name}: ${show(old[name])} -> ${show(home[name])}`).join(', ')
      : 'new';
    return [{ property_id: home['property_id'], home: nameOf(home), what }];
  });
  if (rows.length > 0) console.log(`\n${table(rows.slice(0, 50))}`);
  if (rows.length > 50) console.log(`... and ${rows.length - 50} more`);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function nameOf(home: Readonly<Record<string, unknown>>): string {
  return [home['address'], home['unit'] === null ? null : `unit ${show(home['unit'])}`, home['city']]
    .filter((part) => typeof part === 'string')
    .join(', ');
}

async function runSourceCommand(userId: string, [action, argument]: readonly string[]): Promise<void> {
  if (action === 'add') {
    const source = values.source ?? 'feed';
    const hours = values['every-hours'];
    const body = {
      url: need(argument, 'The URL'),
      ...(hours !== undefined && { every_hours: Number(hours) }),
    };
    await client.putSource(userId, source, body);
    printReport(await client.runSource(userId, source, values.confirm));
  } else if (action === 'run') {
    printReport(await client.runSource(userId, need(argument, 'The source'), values.confirm));
  } else if (action === 'remove') {
    await client.removeSource(userId, need(argument, 'The source'));
  } else if (action === 'list') {
    console.log(table(await client.listSources(userId)));
  } else throw new Error('source add URL | source list | source run NAME | source remove NAME');
}

async function importSample(): Promise<void> {
  const feed = need(values.feed, '--feed');
  const [pete, olive] = ['+15555551234', '+15555555678'];
  await client.addToPortfolio(pete, 'Pete Sampson', 'lakeview');
  await client.addToPortfolio(olive, 'Olive Marsh', 'lakeview');
  await importFile(pete, join(import.meta.dirname, '../sandbox/rentals/pete.csv'), undefined);
  const before = await client.list(olive);
  await client.putSource(olive, 'feed', { url: feed });
  printReport(await client.runSource(olive, 'feed', values.confirm));
  printChanges(before, await client.list(olive));
}

async function main(): Promise<void> {
  const [command, ...rest] = positionals;
  if (command === 'sample') {
    await importSample();
    return;
  }
  const userId = need(values['user-id'], '--user-id');
  if (command === 'import') await importFile(userId, need(rest[0], 'The file'), values.source);
  else if (command === 'source') await runSourceCommand(userId, rest);
  else if (command === 'searches') console.log(table(await client.listSearches(userId)));
  else if (command === 'list') {
    const columns = ['property_id', 'status', 'bedrooms', 'rent', 'available_on', 'source'];
    const homes = await client.list(userId);
    console.log(
      table(
        homes.map((home) => ({
          home: nameOf(home),
          ...Object.fromEntries(columns.map((name) => [name, home[name]])),
        })),
      ),
    );
  } else throw new Error('import FILE | list | source add URL | searches; see scripts/rentals.ts');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
