// Graph's SDK, which is loaded with the first request. Hazard: its stock middleware retries writes blindly, sleeps past any
// deadline and loses Retry-After. The chain here ends in our own fetch.
import { AuthenticationHandler, Client, ResponseType } from '@microsoft/microsoft-graph-client';
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import type { GraphRequest } from './graph-client.ts';

/** Graph's public host: the only kind of host that the client's AuthenticationHandler gives a token to. */
const PUBLIC_ORIGIN = 'https://graph.microsoft.com';

/** Where a request goes, and as whom. */
interface Destination {
  /** The origin that takes the public one's place. */
  readonly endpoint: string;
  readonly fetcher: typeof fetch;
  readonly token: string;
  /** The end of this attempt. */
  readonly signal: AbortSignal;
}

/** Last in the chain: sends the request to the configured origin. */
function createSender(endpoint: string, send: typeof fetch): Middleware {
  return {
    async execute(context: Context) {
      // A DOM type that this compilation does not load.
      const request = context.request as string | Request;
      const url = typeof request === 'string' ? request : request.url;
      context.response = await send(url.replace(PUBLIC_ORIGIN, endpoint), context.options);
    },
  };
}

function withQuery(path: string, query: GraphRequest['query']): string {
  return query === undefined
    ? path
    : `${path}?${Object.entries(query)
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&')}`;
}

/** Sends a request once. @returns the answer, whatever its status. @throws what fetch throws */
export async function sendRequest(
  { endpoint, fetcher, token, signal }: Destination,
  request: GraphRequest,
): Promise<Response> {
  const authentication = new AuthenticationHandler({ getAccessToken: () => Promise.resolve(token) });
  authentication.setNext(createSender(endpoint, fetcher));
  const call = Client.initWithMiddleware({ middleware: authentication, baseUrl: PUBLIC_ORIGIN })
    .api(withQuery(request.path.replace(endpoint, PUBLIC_ORIGIN), request.query))
    .headers({ ...request.headers })
    .option('signal', signal)
    .responseType(ResponseType.RAW);
  const answer: unknown = await (request.method === 'GET'
    ? call.get()
    : request.method === 'DELETE'
      ? call.delete()
      : request.method === 'PATCH'
        ? call.patch(request.body)
        : call.post(request.body ?? {}));
  return answer as Response;
}
