// Before Graph makes a subscription it asks each of its addresses for a proof: POST ?validationToken= with an empty body, answered
// with the decoded token as plain text within 10 seconds.
import { randomUUID } from 'node:crypto';
import { GraphFault } from './graph-error.ts';

const patienceMs = 10_000;

function refuse(reason: string): GraphFault {
  return new GraphFault(400, 'ValidationError', `Subscription validation request failed. ${reason}`);
}

/**
 * @throws {GraphFault} 400 if the address does not prove itself
 * @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */
export async function validateEndpoint(url: string): Promise<void> {
  // Graph's own token holds blanks and a colon too: who does not decode it fails.
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  const target = `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`;
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    text = await answer.text();
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    throw refuse(
      isTimeout ? 'Subscription validation request timed out.' : 'The remote name could not be reached.',
    );
  }
  if (answer.status !== 200)
    throw refuse(`Must respond with 200 OK to this request. Received ${answer.status}.`);
  if (!answer.headers.get('content-type')?.startsWith('text/plain'))
    throw refuse('Must respond with text/plain.');
  if (text !== token) throw refuse('The validation token in the response does not match.');
}

/** @throws {GraphFault} 400 for an address that Graph would not call; plain http is taken on loopback only */
export function judgeNotificationUrl(url: string): void {
  const parsed = URL.parse(url);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(parsed?.hostname ?? '');
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback)) return;
  throw new GraphFault(
    400,
    'InvalidRequest',
    `The notification endpoint must specify https as the protocol: '${url}'.`,
  );
}
