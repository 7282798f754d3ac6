// /subscriptions: make, read, renew, delete.
import { z } from 'zod';
import { readJson } from './event-input.ts';
import { GraphFault } from './graph-error.ts';
import { json } from './http.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import type { Person } from './people.ts';
import type { EventChange, Store } from './store.ts';
import { judgeNotificationUrl, validateEndpoint } from './subscription-handshake.ts';
import { addSubscription, judgeExpiry, removeSubscription, subscriptionsOf } from './subscriptions.ts';
import type { Subscription } from './subscriptions.ts';

const changeTypes: readonly EventChange[] = ['created', 'updated', 'deleted'];

const createSchema = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.subscription').optional(),
  changeType: z.string(),
  resource: z.string(),
  notificationUrl: z.string(),
  lifecycleNotificationUrl: z.string().nullish(),
  expirationDateTime: z.iso.datetime({ offset: true }),
  clientState: z.string().nullish(),
  latestSupportedTlsVersion: z.string().optional(),
});
const updateSchema = z.strictObject({
  expirationDateTime: z.iso.datetime({ offset: true }).optional(),
  notificationUrl: z.string().optional(),
});

function invalid(message: string): GraphFault {
  return new GraphFault(400, 'InvalidRequest', message);
}

/** What Graph answers without the scope that a subscription needs. */
export function subscriptionForbidden(): GraphFault {
  const reason = 'Access is denied. Check credentials and try again.';
  return new GraphFault(
    403,
    'ExtensionError',
    `Operation: Create; Exception: [Status Code: Forbidden; Reason: ${reason}]`,
  );
}

function read<T>(schema: z.ZodType<T>, request: HttpRequest): T {
  const parsed = schema.safeParse(readJson(request));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}`.trim());
}

/** Seven digits, as Graph writes times. */
export function graphInstant(at: number): string {
  return new Date(at).toISOString().replace('Z', '0000Z');
}

function shape(subscription: Subscription): Record<string, unknown> {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: subscription.clientId,
    changeType: subscription.changeTypes.join(','),
    clientState: subscription.clientState,
    notificationUrl: subscription.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: graphInstant(subscription.expiresAt),
    creatorId: subscription.personId,
    includeResourceData: null,
    latestSupportedTlsVersion: 'v1_2',
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  };
}

function answer(request: HttpRequest, status: number, subscription: Subscription): HttpResponse {
  const context = `${request.origin}/v1.0/$metadata#subscriptions/$entity`;
  return json(status, { '@odata.context': context, ...shape(subscription) });
}

function readChangeTypes(text: string): EventChange[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const found = changeTypes.filter((known) => names.includes(known));
  if (found.length === 0 || found.length !== new Set(names).size)
    throw invalid(`The change type '${text}' is not supported.`);
  return found;
}

function readExpiry(store: Store, text: string): number {
  const expiresAt = judgeExpiry(store, Date.parse(text));
  if (typeof expiresAt === 'string') throw invalid(expiresAt);
  return expiresAt;
}

/** @see https://learn.microsoft.com/graph/api/subscription-post-subscriptions */
export async function createSubscription(
  store: Store,
  request: HttpRequest,
  person: Person,
): Promise<HttpResponse> {
  const input = read(createSchema, request);
  if (!/^\/?(me|users\/[^/]+)\/(calendar\/)?events$/i.test(input.resource))
    throw invalid(`The resource '${input.resource}' is not supported.`);
  const clientState = input.clientState ?? null;
  if (clientState !== null && clientState.length > 128)
    throw invalid('The clientState value must not exceed 128 characters.');
  const fields = {
    changeTypes: readChangeTypes(input.changeType),
    resource: input.resource,
    notificationUrl: input.notificationUrl,
    lifecycleNotificationUrl: input.lifecycleNotificationUrl ?? null,
    clientState,
    immutableIds: /IdType\s*=\s*"?ImmutableId/i.test(request.headers['prefer'] ?? ''),
    expiresAt: readExpiry(store, input.expirationDateTime),
  };
  if (subscriptionsOf(store, person).length >= store.subscriptionLimits.count)
    throw new GraphFault(
      403,
      'Forbidden',
      `Subscription limit of ${store.subscriptionLimits.count} for this mailbox has been reached.`,
    );
  const urls = [fields.notificationUrl, fields.lifecycleNotificationUrl].filter((url) => url !== null);
  urls.forEach(judgeNotificationUrl);
  for (const url of urls) await validateEndpoint(url);
  return answer(request, 201, addSubscription(store, person, fields));
}

function find(store: Store, person: Person, id: string): Subscription {
  const subscription = subscriptionsOf(store, person).find((one) => one.id === id);
  if (!subscription) throw new GraphFault(404, 'ResourceNotFound', 'The object was not found.');
  return subscription;
}

/** `GET /subscriptions`: the person's own. */
export function listSubscriptions(store: Store, request: HttpRequest, person: Person): HttpResponse {
  return json(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#subscriptions`,
    value: subscriptionsOf(store, person).map(shape),
  });
}

/** `GET /subscriptions/ID`. @see https://learn.microsoft.com/graph/api/subscription-get */
export function getSubscription(
  store: Store,
  request: HttpRequest,
  person: Person,
  id: string,
): HttpResponse {
  return answer(request, 200, find(store, person, id));
}

/** Renews, and reauthorizes. @see https://learn.microsoft.com/graph/api/subscription-update */
export async function updateSubscription(
  store: Store,
  request: HttpRequest,
  person: Person,
  id: string,
): Promise<HttpResponse> {
  const subscription = find(store, person, id);
  const { expirationDateTime, notificationUrl } = read(updateSchema, request);
  const expiresAt =
    expirationDateTime === undefined ? subscription.expiresAt : readExpiry(store, expirationDateTime);
  if (notificationUrl !== undefined) {
    judgeNotificationUrl(notificationUrl);
    await validateEndpoint(notificationUrl);
    subscription.notificationUrl = notificationUrl;
  }
  subscription.expiresAt = expiresAt;
  return answer(request, 200, subscription);
}

/** `POST /subscriptions/ID/reauthorize`. @see https://learn.microsoft.com/graph/api/subscription-reauthorize */
export function reauthorizeSubscription(
  store: Store,
  _request: HttpRequest,
  person: Person,
  id: string,
): HttpResponse {
  find(store, person, id);
  return { status: 204 };
}

/** `DELETE /subscriptions/ID`. @see https://learn.microsoft.com/graph/api/subscription-delete */
export function deleteSubscription(
  store: Store,
  _request: HttpRequest,
  person: Person,
  id: string,
): HttpResponse {
  removeSubscription(store, find(store, person, id));
  return { status: 204 };
}
