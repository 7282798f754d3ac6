import { askHealth } from './azure/ask-health.ts';
import { signBody } from '../shared/vapi/sign.ts';
import { SECOND_MS } from '../shared/core/duration.ts';
import { pause } from '../shared/core/retry.ts';

export interface DeploymentCheck {
  /** Such as https://func-....azurewebsites.net */
  readonly origin: string;
  /** VAPI_HMAC_SECRET as the app has it: comma separated while rotating, the first is used. */
  readonly hmacSecret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How often /health is asked before it must answer 200; an instance may be starting. Default 24. */
  readonly attempts?: number;
  /** In milliseconds, between two attempts. Default 5,000. */
  readonly pauseMs?: number;
}

async function fail(what: string, response: Response): Promise<never> {
  throw new Error(`${what}: ${response.status} ${(await response.text()).slice(0, 500)}`);
}

async function waitUntilHealthy(origin: string, attempts: number, pauseMs: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { status, body } = await askHealth(origin);
    if (status === 200) return;
    if (attempt >= attempts) throw new Error(`/health is not well: ${status} ${body.slice(0, 500)}`);
    await pause(pauseMs);
  }
}

/**
 * Asks a deployed app whether it is well, and plays one signed tool call that touches no calendar; an unsigned one must be refused.
 * @throws Error that says which answer was wrong.
 */
export async function checkDeployment({
  origin,
  hmacSecret,
  now,
  attempts = 24,
  pauseMs = 5 * SECOND_MS,
}: DeploymentCheck): Promise<void> {
  await waitUntilHealthy(origin, attempts, pauseMs);

  const toolCall = { id: 'smoke-1', type: 'function', function: { name: 'smoke_test', arguments: {} } };
  const body = JSON.stringify({ message: { type: 'tool-calls', toolCallList: [toolCall] } });
  const [secret = ''] = hmacSecret.split(',').map((part) => part.trim());
  const post = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${origin}/vapi/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(30 * SECOND_MS),
    });

  const unsigned = await post({});
  if (unsigned.status !== 401) await fail('An unsigned webhook call was not refused', unsigned);

  const signed = await post(signBody(body, secret, now));
  if (signed.status !== 200) await fail('A signed webhook call was refused', signed);
  const { results } = (await signed.json()) as { results?: { toolCallId?: string; result?: unknown }[] };
  const [answer] = results ?? [];
  if (answer?.toolCallId !== toolCall.id || typeof answer.result !== 'string' || answer.result.includes('\n'))
    throw new Error(`The webhook's answer is not what VAPI reads: ${JSON.stringify(results)}`);
}
