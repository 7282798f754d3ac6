// `npm test`: every check there is, each reported, and one line that counts them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What jest writes with `--json`. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that did not even load: their tests are counted nowhere. */
  readonly numRuntimeErrorTestSuites: number;
  /** False, too, where a file's own set-up failed. */
  readonly success: boolean;
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`The tests need Node 24, and this is ${process.version}. Run them with "npm test".`);
  process.exit(1);
}

const root = join(import.meta.dirname, '..');
function bin(name: string): string {
  return join(root, 'node_modules', name);
}
// What the calling shell tells Node is not for the steps.
const env = { ...process.env, NODE_OPTIONS: '' };

function runNode(args: readonly string[]): boolean {
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) console.error(error);
  return status === 0;
}

function runJest(): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'jest-report-'));
  const file = join(folder, 'report.json');
  try {
    const isGood = runNode([
      bin('jest/bin/jest.js'),
      '--maxWorkers=2',
      '--json',
      `--outputFile=${file}`,
      ...process.argv.slice(2),
    ]);
    const report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return {
      passed: report.numPassedTests,
      failed: failed === 0 && !(isGood && report.success) ? 1 : failed,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch (error) {
    console.error('jest left no report:', error);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runStep(args: readonly string[]) {
  return (): Counts => {
    const isGood = runNode(args);
    return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
  };
}

const steps: Readonly<Record<string, () => Counts>> = {
  types: runStep([bin('typescript/bin/tsc')]),
  lint: runStep([bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']),
  format: runStep([bin('prettier/bin/prettier.cjs'), '--check', '.', '--log-level', 'warn']),
  build: runStep(['build.ts']),
  tests: runJest,
};

const total = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
for (const [name, run] of Object.entries(steps)) {
  console.log(`\n> ${name}`);
  const startedAt = performance.now();
  const counts = run();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  summary.push(`${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
}
console.log(`\n${summary.join('\n')}`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped === 0 ? '' : `, ${total.skipped} skipped`}`,
);
process.exitCode = total.failed === 0 ? 0 : 1;
