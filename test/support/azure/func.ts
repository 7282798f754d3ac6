// Stands in for Azure Functions Core Tools: keeps what is published for the stand-in of the function app to run.
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { listShippedFiles } from '../../../scripts/shipped-files.ts';
import { readCall } from './commands.ts';
import { print, readState, refuse, stateFolder, writeState } from './state.ts';

try {
  const { given, words } = readCall('func', process.argv.slice(2));
  const folder = stateFolder();
  const azure = readState(folder);
  const [name] = words;
  if (name !== azure.deployments['peterental']?.['functionAppName'])
    refuse('func', `Can't find app with name "${name ?? ''}"`);
  if (!given.has('--no-build') || !given.has('--node'))
    refuse('func', "Can't determine project language from files.");
  if (process.env['FUNC_EXIT']) process.exit(Number(process.env['FUNC_EXIT']));
  mkdirSync(join(folder, 'published'), { recursive: true });
  const target = mkdtempSync(join(folder, 'published/'));
  for (const file of listShippedFiles('.')) cpSync(file, join(target, file));
  writeState(folder, { ...azure, published: target });
  print('Getting site publishing info...\nUploading 1.1 MB\nDeployment completed successfully.');
} catch (error) {
  refuse('func', error instanceof Error ? error.message : String(error));
}
