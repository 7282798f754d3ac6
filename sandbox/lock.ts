// One sandbox at a time in a folder: two would write over each other's tables.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * What a process that is gone has left behind does not count.
 * @returns what gives the folder free
 * @throws {Error} if another process has it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'pid');
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch {
    const owner = Number(readFileSync(file, 'utf8'));
    if (owner !== process.pid && isRunning(owner))
      throw new Error(
        `Process ${owner} runs the sandbox in ${folder}. Stop it, or choose another --folder. If that process is something else, the sandbox was killed and its number was given again: delete ${file}.`,
      );
    writeFileSync(file, String(process.pid));
  }
  return () => {
    rmSync(file, { force: true });
  };
}
