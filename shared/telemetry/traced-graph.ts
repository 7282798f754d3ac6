import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { inSpan } from './spans.ts';

/** Graph's own words in the paths of this app. Any other segment is an id or an address. */
const WORDS = new Set([
  'v1.0',
  'me',
  'users',
  'events',
  'calendar',
  'calendars',
  'calendarview',
  'getschedule',
  'mailboxsettings',
  'timezone',
  'workinghours',
  'outlook',
  'supportedtimezones',
  'cancel',
  'delta',
  '$batch',
]);

/** @returns `/v1.0/me/events/{id}`, without the query */
export function toPathTemplate(url: string): string {
  return new URL(url).pathname
    .split('/')
    .map((segment) => (segment === '' || WORDS.has(segment.toLowerCase()) ? segment : '{id}'))
    .join('/');
}

/** A span for each request: method, path template and status. */
export function traceGraph(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const method = (init?.method ?? 'GET').toUpperCase();
    const template = toPathTemplate(url);
    const attributes = {
      'http.request.method': method,
      'url.template': template,
      'server.address': new URL(url).hostname,
    };
    return inSpan(`${method} ${template}`, SpanKind.CLIENT, attributes, async (span) => {
      const response = await send(input, init);
      span.setAttribute('http.response.status_code', response.status);
      if (response.status === 429 || response.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      return response;
    });
  };
}
