// The Azure CLI, asked for JSON.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs `az` with these arguments and reads what it prints; null if it prints nothing. */
export type Az = (...args: readonly string[]) => Promise<unknown>;

/**
 * Runs the Azure CLI.
 * @throws Error with what the CLI said, or that it is not there
 */
export async function az(...args: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)('az', [...args, '--output', 'json'], {
      // On Windows `az` is a batch file.
      shell: process.platform === 'win32',
      maxBuffer: 2 ** 24,
    });
    return stdout.trim() === '' ? null : (JSON.parse(stdout) as unknown);
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT')
      throw new Error('The Azure CLI is not there: https://learn.microsoft.com/cli/azure/install-azure-cli', {
        cause: error,
      });
    throw new Error(stderr?.trim() || String(error), { cause: error });
  }
}
