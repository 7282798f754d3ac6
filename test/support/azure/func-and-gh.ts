// The commands of Azure Functions Core Tools and of the GitHub CLI.
import type { Commands } from './command.ts';

export const FUNC: Commands = {
  'func azure functionapp publish': {
    flags: ['--build', '--slot', '--subscription', '--access-token', '--management-url'],
    switches: [
      '--node',
      '--no-build',
      '--typescript',
      '--javascript',
      '--force',
      '--list-included-files',
      '--nozip',
    ],
    words: 1,
    source:
      'https://learn.microsoft.com/azure/azure-functions/functions-core-tools-reference#func-azure-functionapp-publish',
  },
};

export const GH: Commands = {
  'gh api': {
    flags: [
      '--method',
      '-X',
      '--jq',
      '-q',
      '--field',
      '-F',
      '--raw-field',
      '-f',
      '--header',
      '-H',
      '--input',
      '--hostname',
    ],
    switches: ['--paginate', '--silent', '--include', '-i'],
    words: 1,
    source: 'https://cli.github.com/manual/gh_api',
  },
  'gh variable set': {
    flags: [
      '--body',
      '-b',
      '--env',
      '-e',
      '--repo',
      '-R',
      '--org',
      '-o',
      '--visibility',
      '-v',
      '--env-file',
      '-f',
    ],
    words: 1,
    source: 'https://cli.github.com/manual/gh_variable_set',
  },
};
