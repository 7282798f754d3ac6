// An endpoint for change notifications, as an app has one, whose answers a test can choose.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly contentType: string | undefined;
  readonly value: Record<string, unknown>[];
}

export interface Receiver {
  readonly url: string;
  /** Notifications in the order of arrival, handshakes apart. */
  readonly received: Received[];
  /** What it was asked to prove itself with: the decoded tokens. */
  readonly handshakes: string[];
  /** How it answers. */
  readonly behaviour: {
    status: number;
    handshake: 'right' | 'undecoded' | 'html' | 'wrong_status' | 'other_text';
  };
  reset(): void;
  close(): Promise<void>;
}

export async function createReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const handshakes: string[] = [];
  const behaviour: Receiver['behaviour'] = { status: 202, handshake: 'right' };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const token = url.searchParams.get('validationToken');
      if (token === null) {
        const { value } = JSON.parse(body) as { value: Record<string, unknown>[] };
        received.push({ path: url.pathname, contentType: request.headers['content-type'], value });
        response.writeHead(behaviour.status).end();
        return;
      }
      handshakes.push(`${body}${token}`);
      const raw = url.search.replace('?validationToken=', '');
      const answers = { right: token, undecoded: raw, html: token, wrong_status: token, other_text: 'OK' };
      response
        .writeHead(behaviour.handshake === 'wrong_status' ? 202 : 200, {
          'content-type': behaviour.handshake === 'html' ? 'text/html' : 'text/plain',
        })
        .end(answers[behaviour.handshake]);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    handshakes,
    behaviour,
    reset() {
      received.length = 0;
      handshakes.length = 0;
      Object.assign(behaviour, { status: 202, handshake: 'right' });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
