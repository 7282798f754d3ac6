// The queries of the alerts and of the workbook, read by the language service that Azure Monitor's own editor uses. Azure would tell of a
// mistake in an alert at its deployment, and of one in the workbook when somebody opens it, in an emergency.
import { describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ERRORS } from '../../shared/core/errors.ts';
import { readSnapshot } from './bicep.ts';

interface Kusto {
  readonly Language: {
    readonly Symbols: {
      readonly TableSymbol: { From(schema: string): { WithName(name: string): object } };
      readonly DatabaseSymbol: { $ctor1: new (name: string, tables: object[]) => object };
    };
    readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
    readonly KustoCode: {
      ParseAndAnalyze(
        query: string,
        globals: object,
      ): { GetDiagnostics(): { Count: number; getItem(index: number): { Message: string } } };
    };
  };
}

const COMMON = 'timestamp: datetime, itemType: string, customDimensions: dynamic, operation_Id: string';
const CALL = `${COMMON}, name: string, duration: real, success: bool, resultCode: string`;

/** What the queries use of the tables of Application Insights. @see https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete */
const TABLES = {
  requests: `${CALL}, url: string`,
  dependencies: CALL,
  traces: `${COMMON}, message: string`,
  exceptions: COMMON,
  availabilityResults: `${COMMON}, name: string, success: string`,
  _LogOperation:
    'TimeGenerated: datetime, Category: string, Operation: string, Level: string, Detail: string',
  customMetrics: `${COMMON}, name: string, value: real, valueSum: real, valueCount: int, valueMin: real, valueMax: real`,
};

function loadKusto(): Kusto {
  // The package is made for browsers: it hangs its classes on the window.
  const scope = globalThis as { window?: unknown; Kusto?: Kusto };
  scope.window = globalThis;
  const load = createRequire(`${process.cwd()}/package.json`);
  load('@kusto/language-service-next/bridge.min.js');
  load('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  if (scope.Kusto === undefined) throw new Error('The Kusto language service did not load');
  return scope.Kusto;
}

const { Language } = loadKusto();
const tables = Object.entries(TABLES).map(([name, columns]) =>
  Language.Symbols.TableSymbol.From(`(${columns})`).WithName(name),
);
const globals = Language.GlobalState.Default.WithDatabase(
  new Language.Symbols.DatabaseSymbol.$ctor1('insights', tables),
);

function check(query: string): string[] {
  const diagnostics = Language.KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: diagnostics.Count }, (_, index) => diagnostics.getItem(index).Message);
}

interface Alert {
  readonly criteria: { readonly allOf: readonly { readonly query: string }[] };
}

const alerts = readSnapshot('watch')
  .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
  .map(({ name, properties }): [string, string] => [
    name,
    (properties as unknown as Alert).criteria.allOf[0]?.query ?? '',
  ]);

const workbook = JSON.parse(readFileSync('infra/modules/workbook.json', 'utf8')) as {
  items: { name: string; content: { query?: string } }[];
};
const panels = workbook.items.flatMap(({ name, content }): [string, string][] =>
  content.query === undefined ? [] : [[name, content.query]],
);

const operate = readFileSync('docs/operate.md', 'utf8');
const docsQueries = [
  ...`${operate}\n${readFileSync('docs/deploy.md', 'utf8')}`.matchAll(
    /```kusto\n([^`]+)```|`(\w+ \| (?:where|summarize) [^`]+)`/g,
  ),
].map(([, block, inline]) => (block ?? inline ?? '').trim());
/** The names in docs/operate.md. */
const documented = new Set([...operate.matchAll(/`([\w.]+)`/g)].map(([, name]) => name));

const source = ['shared', 'functions']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
  )
  .join('\n');

/** The events that the code logs, by their level. */
const logged = [
  ...source.matchAll(/\.(info|warn|error)\(\s*'(\w+)'/g),
  ...source.matchAll(/level: '(\w+)', event: '(\w+)'/g),
].map(([, level = '', event = '']) => ({ level, event }));
const events = new Set(logged.map(({ event }) => event));

describe('the queries', () => {
  test('are checked by Microsoft’s parser, which finds a mistake', () => {
    expect(check('requests | where toint(resultCode) >= 500')).toEqual([]);
    expect(check('requests | were name == "x"')).not.toEqual([]);
    expect(check('requests | where nmae == "x"')).not.toEqual([]);
  });

  test.each(alerts)('of the alert %s are right', (_name, query) => {
    expect(check(query)).toEqual([]);
  });

  test.each(panels)("of the workbook's %s are right", (_name, query) => {
    expect(check(query)).toEqual([]);
  });

  test('ask only for events that the code logs', () => {
    const asked = [...alerts, ...panels].flatMap(([, query]) =>
      [...query.matchAll(/event (?:==|in) \(?((?:"\w+"(?:, )?)+)/g)].flatMap(([, names = '']) =>
        names.split(', ').map((name) => name.replaceAll('"', '')),
      ),
    );
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((name) => !events.has(name))).toEqual([]);
  });

  test('ask only for fields and names that the code exports, and docs/operate.md explains', () => {
    const asked = [...alerts, ...panels].flatMap(([, query]) =>
      [...query.matchAll(/"((?:peterental|vapi)\.\w+|keepAlive|sweep|\w+_\w+)"/g)].map(
        ([, name = '']) => name,
      ),
    );
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
    // Codes of errors are in docs/api.md.
    const codes = new Set(Object.keys(ERRORS));
    expect(asked.filter((name) => !documented.has(name) && !codes.has(name))).toEqual([]);
  });

  test.each(docsQueries)('in the docs are right: %s', (query) => {
    expect(check(query)).toEqual([]);
  });
});

describe('docs/operate.md', () => {
  test('explains every event that the code logs', () => {
    expect(events.size).toBeGreaterThan(40);
    expect([...events].filter((event) => !documented.has(event))).toEqual([]);
  });

  test('explains every metric and every attribute that the code exports', () => {
    const names = new Set([...source.matchAll(/'((?:peterental|vapi)\.\w+)'/g)].map(([, name]) => name));
    expect(names.size).toBeGreaterThan(8);
    expect([...names].filter((name) => !documented.has(name))).toEqual([]);
  });

  test('gives every warning and error its level, and names none that the code does not log', () => {
    const rows = [...operate.matchAll(/^\| (warn|error) +\| ([^|]+)\|/gm)].flatMap(([, level, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, event]) => `${level ?? ''} ${event ?? ''}`),
    );
    const wanted = logged
      .filter(({ level }) => level !== 'info')
      .map(({ level, event }) => `${level} ${event}`);
    expect(rows.toSorted()).toEqual([...new Set(wanted)].sort());
  });
});

describe('the alerts', () => {
  test('report server errors, slow answers, failed and refused calls, missing keys, lost connections, failed mail, bad settings, refused credentials, silent timers and a full cap', () => {
    expect(alerts.map(([name]) => name)).toEqual([
      'server-errors',
      'webhook-slow',
      'calls-failed',
      'webhook-refused',
      'encryption-key-missing',
      'reconnect-required',
      'mail-failed',
      'misconfigured',
      'credentials-rejected',
      'sweep-silent',
      'keep-alive-silent',
      'telemetry-capped',
    ]);
  });

  test('do not alert about a timer if the app sent nothing in the whole window', () => {
    const silent = alerts.filter(([name]) => name.endsWith('-silent'));
    expect(silent).toHaveLength(2);
    for (const [, query] of silent)
      expect(query).toMatch(
        /runs == 0 and toscalar\(union requests, traces, availabilityResults \| where timestamp < ago\((25m|47h)\) \| count\) > 0$/,
      );
  });

  test('do not wake the operators when a stranger tries a wrong secret once', () => {
    const refused = readSnapshot('watch').find(({ name }) => name === 'webhook-refused');
    expect(refused?.properties).toMatchObject({ severity: 2, windowSize: 'PT1H' });
    expect(new Map(alerts).get('webhook-refused')).toMatch(
      /\| summarize minutes = dcount\(bin\(timestamp, 1m\)\) \| where minutes >= 3$/,
    );
  });

  test('are deployed apart from the app, once it answers', () => {
    for (const mode of ['main', 'private'])
      expect(readSnapshot(mode).filter(({ type }) => /Alerts|QueryRules|webtests/i.test(type))).toEqual([]);
  });

  test.each(readSnapshot('watch').filter(({ type }) => /metricAlerts$|scheduledQueryRules$/.test(type)))(
    'include $name, which mails the operators',
    ({ properties }) => {
      expect(JSON.stringify(properties?.['actions'])).toMatch(/actionGroups\/ag-peterental-/);
    },
  );

  test.each(alerts)('include %s, which docs/operate.md explains', (name) => {
    expect(readFileSync('docs/operate.md', 'utf8')).toMatch(new RegExp(`^### ${name}$`, 'm'));
  });
});
