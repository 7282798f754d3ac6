import { getAccess } from './access.ts';
import { completeConsent } from './complete-consent.ts';
import type { ConnectionContext } from './context.ts';
import { disconnect, disconnectByLink, showDisconnect } from './disconnect.ts';
import { createConnectionsHealth } from './health.ts';
import type { ConnectionsHealth } from './health.ts';
import { inviteManager, sendLink } from './invite.ts';
import { keepAlive } from './keep-alive.ts';
import { mailManager } from './mail-manager.ts';
import { makeStartLink, showConsent, startConsent } from './start-consent.ts';
import { readStatus } from './status.ts';
import { endSubscription, renewSubscription } from './subscription.ts';

/** Every use case takes the context first. */
const useCases = {
  access: getAccess,
  status: readStatus,
  makeStartLink,
  showConsent,
  startConsent,
  completeConsent,
  invite: inviteManager,
  sendLink,
  mailManager,
  disconnect,
  showDisconnect,
  disconnectByLink,
  keepAlive,
  endSubscription,
  renewSubscription,
};
type UseCases = typeof useCases;

type WithoutContext<F> = F extends (context: ConnectionContext, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** The use cases of this folder, bound to the adapters. Each is documented in its own file. */
export type Connections = { readonly [Name in keyof UseCases]: WithoutContext<UseCases[Name]> } & {
  readonly health: (signal: AbortSignal) => Promise<ConnectionsHealth>;
};

/** Binds the use cases to their adapters. */
export function createConnections(context: ConnectionContext): Connections {
  const bound = Object.entries(useCases).map(([name, useCase]) => [
    name,
    (...rest: never[]) => (useCase as (...all: unknown[]) => unknown)(context, ...rest),
  ]);
  return {
    ...(Object.fromEntries(bound) as Omit<Connections, 'health'>),
    health: createConnectionsHealth(context),
  };
}
