// Follows docs/deploy.md and docs/operate.md from the first command to the last: an empty subscription, the app published and called, undone,
// and all of it again. az, func and gh are stand-ins that know the real flags; the scripts and the bundle are the real ones.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import { createMailbox } from '../../sandbox/mailbox.ts';
import type { Mailbox } from '../../sandbox/mailbox.ts';
import { COMMANDS, readCall } from '../support/azure/commands.ts';
import { createFront } from '../support/azure/front.ts';
import type { Front } from '../support/azure/front.ts';
import { EMPTY_STATE, readState, toArmCase, writeState } from '../support/azure/state.ts';

jest.setTimeout(20 * 60_000);

interface Block {
  /** Where the page says that the commands are for one case only. */
  readonly only: string | null;
  readonly commands: string;
}

function readBlocks(page: string): Block[] {
  return [...readFileSync(page, 'utf8').matchAll(/^( *)```sh(?: if=([\w-]+))?\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', only, commands = '']) => ({
      only: only ?? null,
      commands: commands.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

const deployPage = readBlocks('docs/deploy.md');
const operatePage = readBlocks('docs/operate.md');
const always = (page: readonly Block[]): Block[] => page.filter(({ only }) => only === null);
const only = (name: string): Block[] =>
  [...deployPage, ...operatePage].filter((block) => block.only === name);

/** What a person would have put in the place of words in capitals. */
const CHOSEN = { CLIENT_SECRET: 'a-secret', SMTP_URL: 'smtps://user:password@mail.example.com:465' };

let folder: string;
let project: string;
let tables: Tables;
let mailbox: Mailbox;
let front: Front;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'azure-'));
  project = join(folder, 'project');
  writeState(folder, EMPTY_STATE);
  const copied = [
    'build.ts',
    'functions',
    'shared',
    'scripts',
    'sandbox',
    'infra',
    'host.json',
    'package.json',
    '.funcignore',
  ];
  for (const name of copied) cpSync(name, join(project, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(project, 'node_modules'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['az', 'func', 'gh', 'curl', 'npm', 'openssl']) {
    const preload = name === 'curl' ? `--import "${resolve('test/support/azure/preload.mjs')}"` : '';
    writeFileSync(
      join(folder, 'bin', name),
      `#!/bin/sh\nexec "${process.execPath}" ${preload} "${resolve(`test/support/azure/${name}.ts`)}" "$@"\n`,
      { mode: 0o755 },
    );
  }
  tables = await createTables();
  mailbox = await createMailbox();
  front = await createFront(folder, {
    AzureWebJobsStorage: tables.connectionString,
    AZURE_CLIENT_ID: '00000000-0000-0000-0000-00000000000a',
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: 'pete@example.com',
  });
});

afterAll(async () => {
  await front.close();
  await mailbox.close();
  await tables.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  /** Every command, and what it printed. */
  readonly transcript: string;
}

/** Runs blocks of the pages one after the other in one shell, as a person would who copies them. */
async function follow(
  blocks: readonly Block[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const lines = blocks.flatMap(({ commands }) => [`cat <<'SHOWN'\n$ ${commands.trim()}\nSHOWN`, commands]);
  const script = join(folder, 'follow.sh');
  writeFileSync(script, ['set -euo pipefail', ...lines].join('\n'));
  const outputs = JSON.parse(readFileSync('infra/main.snapshot.json', 'utf8')) as {
    outputs: { appHostName: string };
  };
  try {
    const { stdout } = await promisify(execFile)('bash', [script], {
      cwd: project,
      maxBuffer: 2 ** 24,
      env: {
        ...process.env,
        ...CHOSEN,
        ...env,
        NODE_OPTIONS: '',
        // A few hundred short runs of the same few files.
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
        AZURE_STAND_IN: folder,
        AZURE_STAND_IN_APP: `${outputs.outputs.appHostName}=${front.port}`,
        PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
      },
    });
    return { code: 0, transcript: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    if (process.env['SHOW_TRANSCRIPT'])
      writeFileSync(`${process.env['SHOW_TRANSCRIPT']}.failed`, `${stdout}\n${stderr}`);
    return { code, transcript: `${stdout}\n${stderr}` };
  }
}

function refusals(): string {
  const file = join(folder, 'refusals.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

describe('following docs/deploy.md and docs/operate.md', () => {
  test('leads from an empty subscription to an app that answers, and through its operation', async () => {
    const { code, transcript } = await follow([
      ...always(deployPage),
      ...only('client-secret'),
      ...only('smtp'),
      ...only('private'),
      ...always(operatePage),
    ]);
    if (process.env['SHOW_TRANSCRIPT']) writeFileSync(process.env['SHOW_TRANSCRIPT'], transcript);
    expect({ code, refusals: refusals(), transcript }).toEqual({ code: 0, refusals: '', transcript });
    // What the page promises, in its order.
    const promised = [
      'Succeeded',
      '00000000-0000-0000-0000-000000000001',
      /func-peterental-\w+ func-peterental-\w+\.azurewebsites\.net kvpeterental\w+/,
      'User',
      /\d+ s: waiting for TOKEN_ENCRYPTION_KEYS \(AccessToKeyVaultDenied\)/,
      '3 resolved',
      'There is no code yet that could read them.',
      /Build \w{12}/,
      'anonymous POST /vapi/webhook',
      '3 resolved',
      /Publishing to https:\/\/func-peterental-\w+\.azurewebsites\.net, which answers with no build yet/,
      /build \w{12} answers, 1 of 6 times running/,
      '/health is well; an unsigned call was refused, a signed one answered',
      /Deployed build \w{12} in 0 min \d+ s\./,
      '/health is well; an unsigned call was refused, a signed one answered.',
      '"user_id":"+15555551234"',
      '"authorized":false',
      'repo:OWNER@5544123/NAME@821093847:environment:production',
      'production',
      'The app has read them.',
      /vapi\/webhook\n[^]*The app has read them\.\n200\n/,
      '/health\n403\n',
    ];
    let rest = transcript;
    for (const line of promised) {
      const at = typeof line === 'string' ? rest.indexOf(line) : rest.search(line);
      if (at >= 0) rest = rest.slice(at);
      expect({ line: String(line), isThere: at >= 0 }).toEqual({ line: String(line), isThere: true });
    }
    expect(mailbox.messages().map(({ recipients }) => recipients)).toEqual([['manager@example.com']]);
  });

  test('brings back a vault and a secret that were deleted', async () => {
    const before = readState(folder);
    const secrets = Object.entries(before.secrets).filter(([name]) => name !== 'vapi-hmac-secret');
    writeState(folder, { ...before, vault: 'deleted', secrets: Object.fromEntries(secrets) });
    const VAULT = before.deployments['peterental']?.['keyVaultName'] ?? '';
    expect(await follow(only('lost-vault'), { VAULT })).toMatchObject({ code: 0 });
    expect(refusals()).toBe('');
    writeState(folder, { ...readState(folder), secrets: before.secrets });
  });

  test('tells what to do if the function app cannot be published to', async () => {
    const step5 = always(deployPage).filter(({ commands }) => commands.startsWith('npm run deploy'));
    const APP = readState(folder).deployments['peterental']?.['functionAppName'] ?? '';
    const before = readState(folder).published;
    const { code, transcript } = await follow(step5, { APP, FUNC_EXIT: '3' });
    expect(code).not.toBe(0);
    expect(transcript).toContain('func did not publish the code');
    expect(readState(folder).published).toBe(before);
    rmSync(join(folder, 'refusals.log'));
  });

  test('says that nothing will show the end of an update to the build that answers already', async () => {
    const step5 = always(deployPage).filter(({ commands }) => commands.startsWith('npm run deploy'));
    const APP = readState(folder).deployments['peterental']?.['functionAppName'] ?? '';
    writeState(folder, { ...readState(folder), isStopped: false });
    const { code, transcript } = await follow(step5, { APP });
    expect({ code, transcript }).toEqual({
      code: 0,
      transcript: expect.stringContaining('This build answers already: nothing will show'),
    });
  });

  test('undoes the deployment and repeats it, twice', async () => {
    const keys = readState(folder).secrets['token-encryption-keys'];
    const [readNames, ...remove] = only('undo');
    if (readNames === undefined) throw new Error('The page does not say how to undo');
    const undo = [readNames, ...only('private'), ...remove];
    const again = [...only('again'), ...always(deployPage)];
    const { code, transcript } = await follow([...undo, ...again, ...undo, ...again]);
    expect({ code, refusals: refusals(), transcript }).toEqual({ code: 0, refusals: '', transcript });
    expect(readState(folder)).toMatchObject({ vault: 'there', registration: 'there' });
    expect(readState(folder).secrets['token-encryption-keys']).toBe(keys);
  });
});

/** Commands in the middle of a sentence: with flags, so not a mere name. */
const inSentences = ['docs/deploy.md', 'docs/operate.md'].flatMap((page) =>
  [
    ...readFileSync(page, 'utf8')
      .replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '')
      .matchAll(/`((?:az|func|gh) [\w-]+ [^`]+)`/g),
  ].map(([, command = '']) => command),
);

describe('a command inside a sentence of the docs', () => {
  test.each(inSentences)('has only flags that exist: %s', (command) => {
    const [program = '', ...args] = [...command.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word);
    expect(() => readCall(program, args)).not.toThrow();
  });

  test('is found by this test', () => {
    expect(inSentences.length).toBeGreaterThan(3);
  });
});

describe('the stand-ins for az, func and gh', () => {
  test.each([
    ['az', 'group create --name x --location y --wait', '--wait'],
    ['az', 'role assignment create --role Owner --assignee y', '--scope'],
    ['az', 'role assignment create --role Owner --scope x --resource-group y', '--resource-group'],
    ['az', 'keyvault secrets show --name x', 'no command'],
    ['func', 'azure functionapp publish x --nodejs', '--nodejs'],
    ['gh', 'variable set X --environment production', '--environment'],
    ['az', 'deployment group show --name x --resource-group', 'expected one argument'],
  ])('refuse %s %s', (program, line, why) => {
    expect(() => readCall(program, line.split(' '))).toThrow(why);
  });

  test('know where each command is documented', () => {
    for (const { source } of Object.values(COMMANDS))
      expect(source).toMatch(/^https:\/\/(learn\.microsoft|cli\.github)\.com\//);
  });

  test('give outputs the names that Azure gives them, so that only camelCase comes back as it was', () => {
    const names = {
      MICROSOFT_CLIENT_ID: 'microsofT_CLIENT_ID',
      TRANS_Test_Parameter: 'tranS_Test_Parameter',
      AzureWebJobsStorage__accountName: 'azureWebJobsStorage__accountName',
      functionAppName: 'functionAppName',
    };
    expect(Object.keys(names).map(toArmCase)).toEqual(Object.values(names));
    for (const template of ['main', 'entra', 'watch']) {
      const declared = [...readFileSync(`infra/${template}.bicep`, 'utf8').matchAll(/^output (\w+)/gm)];
      for (const [, name = ''] of declared) expect(toArmCase(name)).toBe(name);
    }
  });
});
