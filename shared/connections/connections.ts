import type { Access } from './access.ts';
import { openAccess } from './access.ts';
import { completeConsent } from './complete-consent.ts';
import type { Callback, CallbackOutcome } from './complete-consent.ts';
import type { Log } from '../core/log.ts';
import type { Postman, TakenMessage } from './connection.ts';
import type { ConnectionContext } from './context.ts';
import { disconnect, disconnectByLink, showDisconnect } from './disconnect.ts';
import type { DisconnectPage } from './disconnect.ts';
import { createConnectionsHealth } from './health.ts';
import type { ConnectionsHealth } from './health.ts';
import { inviteManager, mailMessage, sendLink } from './invite.ts';
import type { NewInvite, SendLinkOutcome } from './invite.ts';
import { keepAlive } from './keep-alive.ts';
import type { KeepAliveReport } from './keep-alive.ts';
import { makeStartLink, showConsent, startConsent } from './start-consent.ts';
import type { ConnectPage, ConsentCookie } from './start-consent.ts';
import { readStatus } from './status.ts';
import type { Status } from './status.ts';

/** All use cases on consents; each is documented where it stands. */
export interface Connections {
  access(userId: string, signal: AbortSignal): Promise<Access>;
  status(userId: string, signal: AbortSignal): Promise<Status>;
  makeStartLink(userId: string, calendarEmail: string | null): Promise<{ url: string; expiresAt: number }>;
  showConsent(token: string, signal: AbortSignal): Promise<ConnectPage>;
  startConsent(
    token: string,
    formToken: string,
    signal: AbortSignal,
  ): Promise<{ url: string; cookie: ConsentCookie }>;
  completeConsent(callback: Callback, signal: AbortSignal): Promise<CallbackOutcome>;
  invite(invite: NewInvite, signal: AbortSignal): Promise<{ expiresAt: number }>;
  sendLink(userId: string, signal: AbortSignal): Promise<SendLinkOutcome>;
  mailMessage(userId: string, message: TakenMessage, signal: AbortSignal): Promise<void>;
  disconnect(userId: string, signal: AbortSignal): Promise<boolean>;
  showDisconnect(token: string, signal: AbortSignal): Promise<DisconnectPage>;
  disconnectByLink(token: string, formToken: string, signal: AbortSignal): Promise<void>;
  keepAlive(options?: { sliceMs?: number; pageSize?: number }): Promise<KeepAliveReport>;
  health(signal: AbortSignal): Promise<ConnectionsHealth>;
}

/** Every mail that fails is logged under one name, whoever sent it. */
function logFailures(postman: Postman, log: Log): Postman {
  return {
    async send(letter, signal) {
      try {
        await postman.send(letter, signal);
      } catch (error) {
        log.error('mail_failed', { mail: letter.kind }, error);
        throw error;
      }
    },
  };
}

export function createConnections(given: ConnectionContext): Connections {
  const context = { ...given, postman: given.postman && logFailures(given.postman, given.log) };
  return {
    access: (userId, signal) => openAccess(context, userId, signal),
    status: (userId, signal) => readStatus(context, userId, signal),
    makeStartLink: (userId, calendarEmail) => makeStartLink(context, userId, calendarEmail),
    showConsent: (token, signal) => showConsent(context, token, signal),
    startConsent: (token, formToken, signal) => startConsent(context, token, formToken, signal),
    completeConsent: (callback, signal) => completeConsent(context, callback, signal),
    invite: (invite, signal) => inviteManager(context, invite, signal),
    sendLink: (userId, signal) => sendLink(context, userId, signal),
    mailMessage: (userId, message, signal) => mailMessage(context, userId, message, signal),
    disconnect: (userId, signal) => disconnect(context, userId, signal),
    showDisconnect: (token, signal) => showDisconnect(context, token, signal),
    disconnectByLink: (token, formToken, signal) => disconnectByLink(context, token, formToken, signal),
    keepAlive: (options) => keepAlive(context, options),
    health: createConnectionsHealth(context),
  };
}
