// A command of az, func or gh, as its documentation describes it.

export interface Command {
  /** Flags with a value. */
  readonly flags: readonly string[];
  /** Flags without one. */
  readonly switches?: readonly string[];
  /** Flags that the command does not run without. */
  readonly required?: readonly string[];
  /** How many words may stand without a flag. Default none. */
  readonly words?: number;
  /** The page that lists the flags. */
  readonly source: string;
}

export type Commands = Readonly<Record<string, Command>>;

/** Where the Azure CLI is documented. */
export const CLI = 'https://learn.microsoft.com/cli/azure';

/** Flags that many commands of the Azure CLI take. */
export const GROUP = ['--resource-group', '-g'];
export const NAME = ['--name', '-n'];
