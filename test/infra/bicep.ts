// Finds the Bicep compiler and runs it. A contributor has `bicep`, `az bicep` or `dotnet`; without any of them the tests that
// need it are skipped by name, and fail on CI.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { jest, test } from '@jest/globals';

/** What the committed snapshots were made with. */
const VERSION = '0.49.2';

const CACHE = resolve('node_modules/.cache/bicep');
const SYSTEM =
  { linux: 'linux', darwin: 'osx', win32: 'win' }[process.platform as string] ?? process.platform;
const PACKAGE = `Azure.Bicep.CommandLine.${SYSTEM}-${process.arch}`;
const BINARY = process.platform === 'win32' ? 'bicep.exe' : 'bicep';

/** Older compilers do not know the types and rules that infra/ uses. */
function isRecentEnough(binary: string): boolean {
  try {
    const [, major, minor] =
      /(\d+)\.(\d+)\.\d+/.exec(execFileSync(binary, ['--version'], { encoding: 'utf8' })) ?? [];
    const [, neededMajor, neededMinor] = /(\d+)\.(\d+)/.exec(VERSION) ?? [];
    return major === neededMajor && Number(minor) >= Number(neededMinor);
  } catch {
    return false;
  }
}

/** Lets `dotnet` restore the compiler's NuGet package, once. */
function restore(): string | null {
  const packages = join(CACHE, 'packages');
  const binary = join(packages, PACKAGE.toLowerCase(), VERSION, 'tools', BINARY);
  if (existsSync(binary)) return binary;
  const project = join(CACHE, `restore-${process.pid}.csproj`);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(
    project,
    `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="${PACKAGE}" Version="[${VERSION}]" /></ItemGroup>
</Project>`,
  );
  try {
    execFileSync('dotnet', ['restore', project, '--packages', packages], { stdio: 'pipe' });
    return binary;
  } catch {
    return null;
  }
}

function find(): string | null {
  const installed = ['bicep', join(homedir(), '.azure', 'bin', BINARY)];
  // CI takes the version of the snapshots, whatever the machine's image brings.
  const first = process.env['CI'] ? restore() : null;
  return first ?? installed.find(isRecentEnough) ?? restore();
}

const compiler = find();

// A run of the compiler ends by itself; how long it takes is the machine's affair.
jest.setTimeout(10 * 60_000);

/** A test that needs the compiler. */
export const testWithBicep = compiler === null && !process.env['CI'] ? test.skip : test;

export interface BicepRun {
  readonly code: number;
  readonly stdout: string;
  /** Errors and warnings. */
  readonly stderr: string;
}

/** What the parameter files read from the environment, and the snapshots were made with. */
const ENVIRONMENT = {
  MICROSOFT_CLIENT_ID: '00000000-0000-0000-0000-000000000001',
  ALERT_EMAIL: 'operators@example.com',
  DEPLOY_REPOSITORY: 'example/peterental-calendar',
  DEPLOY_OWNER_ID: '5544123',
  DEPLOY_REPOSITORY_ID: '821093847',
  MICROSOFT_TENANT_ID: undefined,
};

export async function runBicep(...args: string[]): Promise<BicepRun> {
  if (compiler === null) throw new Error('No Bicep compiler: install bicep, the Azure CLI, or dotnet');
  const env = { ...process.env, ...ENVIRONMENT };
  try {
    const done = await promisify(execFile)(compiler, args, { env, maxBuffer: 2 ** 26 });
    return { code: 0, ...done };
  } catch (error) {
    return error as BicepRun;
  }
}

/** The group and place that the snapshots are predicted for. */
export const SNAPSHOT_SCOPE = [
  ['--tenant-id', '00000000-0000-0000-0000-000000000003'],
  ['--subscription-id', '00000000-0000-0000-0000-000000000002'],
  ['--resource-group', 'peterental'],
  ['--location', 'eastus2'],
].flat();

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly properties?: Record<string, unknown>;
  readonly identity?: unknown;
}

/** The resources that a parameter file (`main`, `private` or `watch`) would deploy, as committed. */
export function readSnapshot(name: string): Resource[] {
  return (
    JSON.parse(readFileSync(`infra/${name}.snapshot.json`, 'utf8')) as { predictedResources: Resource[] }
  ).predictedResources;
}
