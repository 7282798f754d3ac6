// Which layout the data in the sandbox's folder has. There is no migration: data of another layout is refused.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Raised with every change of the tables' rows or of the stand-in's state that older data does not fit. */
export const dataVersion = 2;

/**
 * Marks an empty folder with this version.
 * @param folder holds the sandbox's data, `secrets.json` among it
 * @throws {Error} if it holds data of another version
 */
export function checkDataVersion(folder: string): void {
  const file = join(folder, 'version');
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  if (found === String(dataVersion)) return;
  if (found !== null || existsSync(join(folder, 'secrets.json')))
    throw new Error(
      `The data in ${folder} is of another version of the sandbox. Delete it and start again with: npm start -- --fresh`,
    );
  writeFileSync(file, String(dataVersion));
}
