import { CONNECT_PATH, DISCONNECT_PATH } from '../core/paths.ts';

/** The address of the page behind a connect link. */
export function connectUrl(publicOrigin: string, token: string): string {
  return `${publicOrigin}${CONNECT_PATH}/${token}`;
}

/** The address of the page behind a disconnect link. */
export function disconnectUrl(publicOrigin: string, token: string): string {
  return `${publicOrigin}${DISCONNECT_PATH}/${token}`;
}
