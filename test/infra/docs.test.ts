// Holds what docs/deploy.md and docs/operate.md say against the files they speak of.
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';

const deploy = readFileSync('docs/deploy.md', 'utf8');
const operate = readFileSync('docs/operate.md', 'utf8');
const pages = [
  ['deploy.md', deploy],
  ['operate.md', operate],
] as const;

const main = readFileSync('infra/main.bicep', 'utf8');
const entra = readFileSync('infra/entra.bicep', 'utf8');
const watch = readFileSync('infra/watch.bicep', 'utf8');
function declared(keyword: 'param' | 'output', source: string): string[] {
  return [...source.matchAll(new RegExp(`^${keyword} (\\w+)`, 'gm'))].map(([, name = '']) => name);
}
function unique(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
}

/** The value of numbers with + − × ÷ and brackets, by precedence. */
function calculate(formula: string): number {
  const tokens = formula.match(/[\d.]+|[()+−×÷]/g) ?? [];
  let next = 0;
  const factor = (): number => {
    const token = tokens[next++];
    if (token !== '(') return Number(token);
    const value = sum();
    next++;
    return value;
  };
  const product = (): number => {
    let value = factor();
    while (tokens[next] === '×' || tokens[next] === '÷')
      value = tokens[next++] === '×' ? value * factor() : value / factor();
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[next] === '+' || tokens[next] === '−')
      value += tokens[next++] === '+' ? product() : -product();
    return value;
  };
  return sum();
}

describe('the costs in the docs', () => {
  const formulas = [...deploy.matchAll(/`([\d.,+−×÷() ]+) = ([\d.,]+)`/g)].map(
    ([, formula = '', result = '']): [string, string] => [
      formula.replaceAll(',', ''),
      result.replaceAll(',', ''),
    ],
  );

  test('are checked: a wrong sum would be found', () => {
    expect(formulas.length).toBeGreaterThanOrEqual(10);
    expect(calculate('2 × (3 + 4) − 10 ÷ 5')).toBe(12);
  });

  test.each(formulas)('are right: %s = %s', (formula, result) => {
    const decimals = result.split('.')[1]?.length ?? 0;
    expect(calculate(formula).toFixed(decimals)).toBe(result);
  });

  test('are the same in the table as in the calculation', () => {
    const results = formulas.map(([, result]) => result);
    const amounts = unique(deploy, /\|\s+(\d+\.\d\d) (?=\|)/g).filter(
      (amount) => !['0.00', '1.00', '2.00'].includes(amount),
    );
    expect(amounts.filter((amount) => !results.includes(amount))).toEqual([]);
    const [, total = ''] = /\*\*together\*\*(.*)/.exec(deploy) ?? [];
    const column = (index: number): number =>
      [
        ...deploy.matchAll(
          /^\| (?:instance|requests|timers|telemetry|twelve|test|change|storage)[^|]*(\|.*)$/gm,
        ),
      ]
        .map(([, cells = '']) => Number(cells.split('|')[index]))
        .reduce((sum, amount) => sum + amount, 0);
    expect([1, 2, 3].map((index) => column(index).toFixed(2))).toEqual(
      total
        .split('|')
        .slice(1, 4)
        .map((cell) => cell.trim()),
    );
  });

  test('count as many alert rules as there are', () => {
    const alerts = readFileSync('infra/modules/alerts.bicep', 'utf8');
    expect(alerts.match(/every: 'PT5M'/g)).toHaveLength(2);
    expect(alerts.match(/every: '(PT15M|PT6H)'/g)).toHaveLength(9);
    expect(alerts.match(/evaluationFrequency: 'PT15M'/g)).toHaveLength(1);
  });
});

describe.each(pages)('docs/%s', (_name, text) => {
  test('names scripts, files and sections that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(unique(text, /npm run ([\w:]+)/g).filter((script) => !(script in scripts))).toEqual([]);
    const files = unique(text, /`((?:infra|docs|scripts|\.github)\/[\w./-]+\.\w+)`/g);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const anchors = (page: string): string[] =>
      [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
    for (const anchor of unique(text, /\]\(#([\w-]+)\)/g)) expect(anchors(text)).toContain(anchor);
    for (const anchor of unique(text, /\]\(operate\.md#([\w-]+)\)/g))
      expect(anchors(operate)).toContain(anchor);
  });

  test('names outputs, parameters and secrets that exist', () => {
    const outputs = [...declared('output', main), ...declared('output', entra)];
    const named = [
      ...unique(text, /properties\.outputs\.(\w+)\.value/g),
      ...unique(text, /\$\(output (\w+)\)/g),
      ...unique(text, /the outputs? `(\w+)`/g),
    ];
    expect(named.filter((name) => !outputs.includes(name))).toEqual([]);

    const parameters = [main, entra, watch].flatMap((template) => declared('param', template));
    const set = [...unique(text, /`(?:param )?([a-z]\w+) = /g), ...unique(text, /--parameters (\w+)=/g)];
    expect(set.filter((name) => !parameters.includes(name))).toEqual([]);

    const templates = `${main}${readFileSync('infra/modules/vault.bicep', 'utf8')}`;
    for (const secret of unique(text, /--name ((?:token|vapi|microsoft|smtp)[\w-]+)/g))
      expect(templates).toContain(`'${secret}'`);
  });
});

describe('docs/deploy.md', () => {
  /** The blocks of commands. */
  const blocks = [...`${deploy}\n${operate}`.matchAll(/^( *)```sh[^\n]*\n([\s\S]*?)^\1```$/gm)].map(
    ([, , commands = '']) => commands,
  );

  test('deploys the parameter file and the prefix that were chosen in step 2, wherever it deploys', () => {
    const given = blocks.flatMap((commands) => unique(commands, /--parameters (?:prefix=)?(\S+)/g));
    expect(given).toEqual(['$PREFIX', '$PARAMETERS', 'infra/watch.bicepparam', '$PARAMETERS']);
    expect(deploy).toMatch(/^PARAMETERS=infra\/main\.bicepparam\nPREFIX=peterental$/m);
  });

  test('leads from a stuck update back to the step that looks at the build', () => {
    const [, stuck = ''] = /^- `Stuck`: (.*)$/m.exec(deploy) ?? [];
    expect(stuck).toMatch(/Then run step 5 again\.$/);
    const [, step5 = ''] = /^## 5\. (.*?)^## 6\./ms.exec(deploy) ?? [];
    expect(step5).toContain('npm run deploy -- $APP');
  });

  test('leaves no secret in the shell that a later step would take instead of the vault’s', () => {
    expect(blocks.filter((commands) => /export \w*(SECRET|KEY|PASSWORD)/.test(commands))).toEqual([]);
  });

  test('reads every name that it deletes by from the deployment, not from an old shell', () => {
    const undo = [...deploy.matchAll(/```sh if=undo\n([\s\S]*?)```/g)].map(([, commands = '']) => commands);
    const [reading = '', deleting = ''] = undo;
    const used = unique(deleting, /\$([A-Z_]+)/g).filter((name) => !deleting.includes(`${name}=`));
    expect(used).toEqual(['MICROSOFT_CLIENT_ID']);
    for (const name of used) expect(reading).toContain(`${name}=`);
  });
});

describe('docs/operate.md', () => {
  test('lets every instance read a new encryption key before one encrypts with it', () => {
    const [, section = ''] = /^### TOKEN_ENCRYPTION_KEYS$(.*?)^### /ms.exec(operate) ?? [];
    const steps = [...section.matchAll(/--value "([^"]+)"|npm run (references) /g)];
    expect(steps.map(([, value, refresh]) => value ?? refresh)).toEqual([
      '$OLD,$NEW',
      'references',
      '$NEW,$OLD',
      'references',
    ]);
  });

  test('lets an app in another region read the old key before it is given the old rows', () => {
    const [, section = ''] = /^## Moving to another region$(.*)/ms.exec(operate) ?? [];
    const restored = section.indexOf('restore them');
    expect(restored).toBeGreaterThan(0);
    expect(section.slice(0, restored)).toContain('Refresh the references of the new app');
  });

  test('names every secret that the templates refer to', () => {
    const referred = unique(main, /[A-Z_]+: '([a-z]+(?:-[a-z]+)+)'/g);
    expect(referred).toContain('token-encryption-keys');
    for (const secret of referred) expect(operate).toContain(`\`${secret}\``);
  });
});
