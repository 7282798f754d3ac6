// Requests and answers as plain values, so that a request inside a $batch is handled like any other.

export interface HttpRequest {
  method: string;
  /** As sent, percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: string;
  /** This server as the client called it. */
  origin: string;
}

export interface HttpResponse {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, text as the content-type among the headers says (HTML by default). */
  body?: unknown;
}

/** A response with a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body,
  };
}

/** A page, which no cache stores. */
export function html(status: number, body: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body,
  };
}

/** A redirect, 302 by default. */
export function redirect(location: string, status = 302): HttpResponse {
  return {
    status,
    headers: { location, 'cache-control': 'no-store' },
  };
}

/** The URL with the given parameters added; undefined ones are left out. */
export function withQuery(url: string, parameters: Record<string, string | undefined>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  return target.href;
}

/** The body as it is sent. */
export function bodyText(answer: HttpResponse): string {
  return answer.body === undefined
    ? ''
    : typeof answer.body === 'string'
      ? answer.body
      : JSON.stringify(answer.body);
}
