// A stand-in for Microsoft's login and Graph: stateful, strict, over real HTTP, on one origin.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { keepConnections } from '../keep-alive.ts';
import { createControls } from './control.ts';
import type { Controls } from './control.ts';
import { issueTokens } from './entra-issue.ts';
import { recordConsent } from './entra-scopes.ts';
import { bodyText, html } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import { Dropped } from './fault-response.ts';
import { serve } from './router.ts';
import { signIn } from './sign-in.ts';
import type { Decision } from './sign-in.ts';
import { getPerson } from './directory.ts';
import { createStore } from './store.ts';
import type { MicrosoftOptions, State } from './store.ts';

export interface Microsoft extends Controls {
  /** `http://127.0.0.1:PORT`: both MICROSOFT_LOGIN_ENDPOINT and MICROSOFT_GRAPH_ENDPOINT. */
  url: string;
  clientId: string;
  clientSecret: string;
  /**
   * Goes through Microsoft's pages at an authorize or admin consent URL as a person would.
   * @returns the URL that the browser is sent back to.
   * @throws {Error} if the pages do not lead back to the app.
   */
  signIn(url: string, person: string, decision?: Decision): Promise<string>;
  /**
   * Tokens without the trip through the pages. Consents for the person, too, so that the refresh token works.
   * @param scopes by default what the app asks for.
   */
  issueTokens(
    person: string,
    scopes?: readonly string[],
  ): Promise<{ accessToken: string; refreshToken: string }>;
  close(): Promise<void>;
}

const appScopes = ['openid', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadWrite'];

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function toRequest(incoming: IncomingMessage, fallbackHost: string): Promise<HttpRequest> {
  const [target = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: target,
    query: new URLSearchParams(query),
    headers,
    body: await readBody(incoming),
    origin: `http://${headers['host'] ?? fallbackHost}`,
  };
}

function send(outgoing: ServerResponse, answer: HttpResponse, now: number): void {
  const text = bodyText(answer);
  outgoing.writeHead(answer.status, {
    date: new Date(now).toUTCString(),
    ...(text === '' ? {} : { 'content-type': 'text/html; charset=utf-8' }),
    ...(answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(text) }),
    ...answer.headers,
  });
  outgoing.end(text);
}

async function readState(file: string): Promise<State | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes what is to be kept, one writing at a time, the last one last. */
function createKeeper(file: string | undefined, text: () => string) {
  let writing = Promise.resolve();
  let isQueued = false;
  const write = async (): Promise<void> => {
    if (file === undefined) return;
    isQueued = false;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.new`, text(), { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  return (): Promise<void> => {
    if (file !== undefined && !isQueued) {
      isQueued = true;
      writing = writing.then(write);
    }
    return writing;
  };
}

/** Starts the stand-in: sign-in, token endpoint, Graph, the calendar pages and `/_control`. */
export async function createMicrosoft(options: MicrosoftOptions = {}): Promise<Microsoft> {
  const host = options.host ?? '127.0.0.1';
  const file = options.statePath === undefined ? undefined : path.join(options.statePath, 'microsoft.json');
  const store = createStore(options, file === undefined ? undefined : await readState(file));
  const keep = createKeeper(file, () => JSON.stringify(store.state));

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      send(outgoing, await serve(store, await toRequest(incoming, host)), store.now());
    } catch (error) {
      // A client that gave up is its own affair.
      if (error instanceof Dropped || incoming.socket.destroyed) {
        incoming.socket.destroy();
      } else {
        process.emitWarning(error as Error);
        send(outgoing, html(500, 'The stand-in itself failed: see its warning.'), store.now());
      }
    }
    if (incoming.method !== 'GET') await keep();
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  keepConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;

  return {
    ...createControls(store),
    url,
    clientId: store.clientId,
    clientSecret: store.clientSecret,
    async signIn(at, key, decision) {
      const person = getPerson(store, key);
      return signIn(at, person.id, decision);
    },
    async issueTokens(key, scopes = appScopes) {
      const person = getPerson(store, key);
      recordConsent(store, person.id, scopes);
      const grant = { clientId: store.clientId, scopes: [...scopes], granted: [...scopes] };
      const tokens = await issueTokens(store, person, grant, url);
      return {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? '',
      };
    },
    async close() {
      store.schedule.clear();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await keep();
    },
  };
}
