// The commands of az, func and gh that the pages use: every flag that each takes, and where that is documented. What is not here is refused, so
// a page cannot use a flag that the real command does not have without somebody writing it down here.
import { AZ_EVERYWHERE, AZ_RESOURCES } from './az-resources.ts';
import { AZ_FUNCTION_APP, AZ_KEY_VAULT } from './az-services.ts';
import type { Command, Commands } from './command.ts';
import { FUNC, GH } from './func-and-gh.ts';

export const COMMANDS: Commands = { ...AZ_RESOURCES, ...AZ_KEY_VAULT, ...AZ_FUNCTION_APP, ...FUNC, ...GH };

export interface Call {
  /** Such as `az group create`. */
  readonly command: string;
  /** By the long name. */
  readonly given: ReadonlyMap<string, string>;
  /** What stands without a flag. */
  readonly words: readonly string[];
}

/** Long names of the short flags that mean one thing everywhere. */
const LONG: Readonly<Record<string, string>> = {
  '-g': '--resource-group',
  '-n': '--name',
  '-o': '--output',
  '-l': '--location',
  '-y': '--yes',
  '-f': '--template-file',
  '-p': '--parameters',
  '-m': '--method',
  '-u': '--url',
  '--uri': '--url',
  '-X': '--method',
  '-q': '--jq',
  '-b': '--body',
  '-e': '--env',
  '-R': '--repo',
};

/**
 * Reads a command line as the real program would.
 * @throws Error that says what the real program would refuse
 */
export function readCall(program: string, args: readonly string[]): Call {
  const names = Object.keys(COMMANDS).filter((name) =>
    [program, ...args].join(' ').concat(' ').startsWith(`${name} `),
  );
  const command = names.toSorted((one, other) => other.length - one.length)[0];
  const known = command === undefined ? undefined : COMMANDS[command];
  if (command === undefined || known === undefined)
    throw new Error(
      `'${[program, ...args.slice(0, 4)].join(' ')}' is no command that ${program} is known to have`,
    );

  const everywhere: Command = program === 'az' ? AZ_EVERYWHERE : { flags: [], source: '' };
  const flags = [...known.flags, ...everywhere.flags];
  const switches = [...(known.switches ?? []), ...(everywhere.switches ?? [])];
  const given = new Map<string, string>();
  const words: string[] = [];
  const rest = args.slice(command.split(' ').length - 1);
  for (let index = 0; index < rest.length; index++) {
    const [flag = '', inline] = (rest[index] ?? '').split(/=(.*)/s);
    if (!flag.startsWith('-')) {
      words.push(rest[index] ?? '');
      continue;
    }
    const long = LONG[flag] ?? flag;
    if (switches.includes(flag)) {
      given.set(long, '');
      continue;
    }
    if (!flags.includes(flag))
      throw new Error(`unrecognized arguments: ${flag} (${command}: ${known.source})`);
    const value = inline ?? rest[++index];
    if (value === undefined || value.startsWith('--'))
      throw new Error(`argument ${flag}: expected one argument`);
    // az takes --parameters more than once, and joins them.
    given.set(long, given.has(long) ? `${given.get(long) ?? ''} ${value}` : value);
  }
  if (words.length > (known.words ?? 0))
    throw new Error(`unrecognized arguments: ${words.join(' ')} (${command})`);
  for (const flag of known.required ?? [])
    if (!given.has(flag)) throw new Error(`the following arguments are required: ${flag} (${command})`);
  for (const [flag, value] of given)
    if (value === '' && ![...switches].some((name) => (LONG[name] ?? name) === flag))
      throw new Error(`argument ${flag} is empty (${command})`);
  return { command, given, words };
}
