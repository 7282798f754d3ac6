// The parameters that no committed parameter file uses.
import { afterAll, describe, expect } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBicep, SNAPSHOT_SCOPE, testWithBicep } from './bicep.ts';
import type { Resource } from './bicep.ts';

const copy = mkdtempSync(join(tmpdir(), 'infra-'));
cpSync('infra', copy, { recursive: true });

afterAll(() => {
  rmSync(copy, { recursive: true });
});

/** What main.bicepparam would deploy with other values, given as Bicep. */
async function predict(name: string, values: Readonly<Record<string, string>>): Promise<Resource[]> {
  const given = readFileSync('infra/main.bicepparam', 'utf8')
    .split('\n')
    .filter((line) => !Object.keys(values).some((key) => line.startsWith(`param ${key} `)));
  const changed = Object.entries(values).map(([key, value]) => `param ${key} = ${value}`);
  writeFileSync(join(copy, `${name}.bicepparam`), [...given, ...changed].join('\n'));
  const { stderr } = await runBicep('snapshot', join(copy, `${name}.bicepparam`), ...SNAPSHOT_SCOPE);
  expect(stderr).toBe('');
  const text = readFileSync(join(copy, `${name}.snapshot.json`), 'utf8');
  return (JSON.parse(text) as { predictedResources: Resource[] }).predictedResources;
}

function settingsOf(resources: readonly Resource[]): Record<string, string> {
  return resources.find(({ name }) => name.endsWith('/appsettings'))?.properties as Record<string, string>;
}

function count(resources: readonly Resource[], pattern: RegExp): number {
  return resources.filter(({ type }) => pattern.test(type)).length;
}

describe('main.bicep', () => {
  testWithBicep('can send by SMTP and sign in with a client secret, both from the vault', async () => {
    const resources = await predict('smtp', {
      mailTransport: "'smtp'",
      smtpFrom: "'pete@example.com'",
      useClientSecret: 'true',
    });
    const settings = settingsOf(resources);
    expect(settings['MAIL_FROM']).toBe('pete@example.com');
    expect(settings['SMTP_URL']).toContain("'smtp-url'");
    expect(settings['MICROSOFT_CLIENT_SECRET']).toContain("'microsoft-client-secret'");
    expect(settings).not.toHaveProperty('ACS_ENDPOINT');
    expect(count(resources, /^Microsoft\.Communication/)).toBe(0);
    expect(JSON.stringify(resources)).not.toContain('09976791-48a7-449e-bb21-39d1a415f350');
  });

  testWithBicep(
    'can run without mail, without GitHub, without notifications and without a warm instance',
    async () => {
      const resources = await predict('bare', {
        mailTransport: "'none'",
        githubRepository: "''",
        calendarNotifications: 'false',
        alwaysReadyInstances: '0',
        updateStrategy: "'Recreate'",
      });
      const settings = settingsOf(resources);
      expect(settings['CALENDAR_NOTIFICATIONS']).toBe('false');
      expect(resources.find(({ type }) => type === 'Microsoft.Web/sites')?.properties).toMatchObject({
        functionAppConfig: {
          scaleAndConcurrency: { alwaysReady: [] },
          siteUpdateStrategy: { type: 'Recreate' },
        },
      });
      for (const name of ['MAIL_FROM', 'ACS_ENDPOINT', 'SMTP_URL']) expect(settings).not.toHaveProperty(name);
      expect(count(resources, /userAssignedIdentities$/)).toBe(1);
      expect(count(resources, /roleAssignments$/)).toBe(4);
    },
  );

  testWithBicep('trusts the GitHub environment by numbers if they are given, else by names', async () => {
    const subject = async (ids: Readonly<Record<string, string>>): Promise<unknown> => {
      const resources = await predict(`github-${Object.keys(ids).length}`, ids);
      return resources.find(({ type }) => type.endsWith('/federatedIdentityCredentials'))?.properties?.[
        'subject'
      ];
    };
    const repository = { githubRepository: "'contoso/payments-api'" };
    // The examples of Microsoft's page on immutable subjects.
    expect(
      await subject({ ...repository, githubOwnerId: "'5544123'", githubRepositoryId: "'821093847'" }),
    ).toBe('repo:contoso@5544123/payments-api@821093847:environment:production');
    expect(await subject({ ...repository, githubOwnerId: "''" })).toBe(
      'repo:contoso/payments-api:environment:production',
    );
  });

  testWithBicep("links a domain of one's own once it is verified, and not before", async () => {
    const linked = async (verified: string): Promise<string> => {
      const resources = await predict(`domain-${verified}`, {
        mailDomain: "'mail.example.com'",
        mailDomainVerified: verified,
      });
      expect(count(resources, /emailServices\/domains$/)).toBe(2);
      const service = resources.find(({ type }) => type === 'Microsoft.Communication/communicationServices');
      return JSON.stringify(service?.properties?.['linkedDomains']);
    };
    expect(await linked('false')).toMatch(/\/domains\/AzureManagedDomain"\]$/);
    expect(await linked('true')).toMatch(/\/domains\/mail\.example\.com"\]$/);
  });
});
