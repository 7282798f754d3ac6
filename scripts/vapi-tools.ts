// The tools as VAPI takes them, from the schemas that check their arguments; and how they are created and updated there.
import { mergeKeyterms } from './keyterms.ts';
import { VapiError } from '@vapi-ai/server-sdk';
import type { Vapi, VapiClient } from '@vapi-ai/server-sdk';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { SECOND_MS } from '../shared/core/duration.ts';
import { TOOLS } from '../shared/voice/tools/definitions.ts';
import type { ToolName } from '../shared/voice/tools/definitions.ts';

export interface ToolOptions {
  /** Of the deployed `/vapi/webhook`. */
  readonly url: string;
  /** VAPI's id of the credential that the webhook's secret is kept in. */
  readonly credentialId?: string;
  /** The manager whose calendar these tools are for, if neither the assistant nor the number tells. */
  readonly userId?: string;
}

/**
 * A function tool. VAPI's troubleshooting page tells of `maxTokens`: 100 by default, which cuts arguments off. Its API
 * document does not know the field, so the API may refuse it.
 */
export type ToolDto = Vapi.CreateToolsRequest.Function & { readonly maxTokens?: number };

const MAX_TOKENS = 500;
/** Our own deadline is 8 seconds: what takes longer is lost. */
const TIMEOUT_SECONDS = 15;
const DELAYED_AFTER_MS = 3 * SECOND_MS;

const STARTS: Readonly<Record<ToolName, readonly [english: string, spanish: string]>> = {
  get_availability: ['Let me check the calendar.', 'Voy a consultar el calendario.'],
  find_rentals: ['Let me look at what we have.', 'Voy a ver qué tenemos.'],
  describe_rental: ['Let me look at the listing.', 'Voy a ver el anuncio.'],
  set_appointment: ['Let me book that for you.', 'Voy a reservarlo.'],
  find_appointments: ['Let me look that up.', 'Voy a buscarlo.'],
  reschedule_appointment: ['Let me move that for you.', 'Voy a cambiarla.'],
  cancel_appointment: ['Let me cancel that for you.', 'Voy a cancelarla.'],
  send_authorization_link: ['One moment.', 'Un momento.'],
  take_message: ['Let me pass that on.', 'Voy a pasar el mensaje.'],
};
const DELAYED = [
  'This takes a moment longer than usual.',
  'Está tardando un poco más de lo normal.',
] as const;
const FAILED = [
  "I'm sorry, I can't get through right now. Please try again in a moment.",
  'Lo siento, ahora mismo no puedo conectar. Inténtelo de nuevo en un momento.',
] as const;

function inBoth([english, spanish]: readonly [string, string]): { contents: Vapi.TextContent[] } {
  return {
    contents: [
      { type: 'text', text: english, language: 'en' },
      { type: 'text', text: spanish, language: 'es' },
    ],
  };
}

/** What VAPI's JSON schemas know. Our own checks know more: lengths and ranges. */
const SCHEMA_KEYS = [
  'type',
  'items',
  'properties',
  'description',
  'pattern',
  'format',
  'required',
  'enum',
  'title',
];

function toVapiSchema(schema: unknown): Vapi.JsonSchema {
  const known = Object.entries(schema as Record<string, unknown>).filter(([key]) =>
    SCHEMA_KEYS.includes(key),
  );
  return Object.fromEntries(
    known.map(([key, value]) => [
      key,
      key === 'items' ? toVapiSchema(value) : key === 'properties' ? toVapiProperties(value) : value,
    ]),
  ) as unknown as Vapi.JsonSchema;
}

function toVapiProperties(properties: unknown): Record<string, Vapi.JsonSchema> {
  return Object.fromEntries(
    Object.entries(properties as Record<string, unknown>).map(([name, schema]) => [
      name,
      toVapiSchema(schema),
    ]),
  );
}

/** All tools. The model does not see `user_id`: the call decides, or the static parameter that VAPI adds. */
export function describeTools({ url, credentialId, userId }: ToolOptions): ToolDto[] {
  return (Object.keys(TOOLS) as ToolName[]).map((name) => {
    const { description, schema } = TOOLS[name];
    const { properties = {}, required } = z.toJSONSchema((schema as z.ZodObject).omit({ user_id: true }), {
      io: 'input',
    });
    return {
      type: 'function',
      function: {
        name,
        description,
        parameters: {
          type: 'object',
          properties: toVapiProperties(properties),
          ...(required && { required }),
        },
      },
      server: { url, timeoutSeconds: TIMEOUT_SECONDS, ...(credentialId !== undefined && { credentialId }) },
      messages: [
        { type: 'request-start', ...inBoth(STARTS[name]) },
        { type: 'request-response-delayed', timingMilliseconds: DELAYED_AFTER_MS, ...inBoth(DELAYED) },
        { type: 'request-failed', ...inBoth(FAILED) },
      ],
      ...(userId !== undefined && { parameters: [{ key: 'user_id', value: userId }] }),
      maxTokens: MAX_TOKENS,
    };
  });
}

export interface Change {
  readonly tool: ToolDto;
  /** The tool that is changed; null if it is made. */
  readonly id: string | null;
  /** One line for each value that differs, `path: before -> after`. */
  readonly differences: readonly string[];
}

const PAGE = 1_000;

/** What has to be done so that VAPI has these tools: nothing for those that are as they should be. */
export async function planChanges(client: VapiClient, tools: readonly ToolDto[]): Promise<Change[]> {
  const existing = await client.tools.list({ limit: PAGE });
  return tools.map((tool) => {
    const same = existing.find((candidate) => candidate.type === 'function' && isSame(candidate, tool));
    const differences = same ? diff(same, tool, '') : [`${tool.function?.name ?? ''}: new`];
    return { tool, id: same?.id ?? null, differences };
  });
}

/** Another app's tool, or another manager's, may have the same name: the webhook and the manager tell them apart. */
function isSame(a: Vapi.CreateFunctionToolDto, b: ToolDto): boolean {
  return (
    a.function?.name === b.function?.name &&
    a.server?.url === b.server?.url &&
    isDeepStrictEqual(a.parameters ?? [], b.parameters ?? [])
  );
}

/** What VAPI adds of its own is no difference. */
function diff(before: unknown, after: unknown, path: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isObject(after) || !isObject(before) || Array.isArray(after) !== Array.isArray(before)) {
    return [`${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`];
  }
  const names = Array.isArray(after)
    ? new Set([...Object.keys(before), ...Object.keys(after)])
    : Object.keys(after);
  return [...names].flatMap((name) =>
    diff(before[name], after[name], path === '' ? name : `${path}.${name}`),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether VAPI refused a request because of a field: a 400 whose text names it. */
function isRefusalOf(field: string, error: unknown): boolean {
  return error instanceof VapiError && error.statusCode === 400 && describeVapiError(error).includes(field);
}

/** What VAPI said, in its own words. */
export function describeVapiError({ body, message }: VapiError): string {
  const said = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  if (Array.isArray(said)) return said.map(String).join('; ');
  return typeof said === 'string' ? said : message;
}

/**
 * Creates and updates what differs. If VAPI refuses `maxTokens`, the tool is sent again without it.
 * @param onNote is told once, if that happens.
 * @returns the ids of all tools, in order.
 * @throws {VapiError}
 */
export async function applyChanges(
  client: VapiClient,
  changes: readonly Change[],
  onNote: (note: string) => void = () => undefined,
): Promise<string[]> {
  const ids: string[] = [];
  let takesMaxTokens = true;
  const send = async (id: string | null, tool: ToolDto): Promise<string> => {
    const { maxTokens, ...rest } = tool;
    const body = takesMaxTokens ? tool : rest;
    try {
      return id === null
        ? (await client.tools.create(body)).id
        : (await client.tools.update({ id, body })).id;
    } catch (error) {
      if (!takesMaxTokens || !isRefusalOf('maxTokens', error)) throw error;
      takesMaxTokens = false;
      onNote(`VAPI refuses maxTokens (${maxTokens ?? ''}): the tools are sent without it, with its default.`);
      return send(id, tool);
    }
  };
  for (const { tool, id, differences } of changes) {
    ids.push(id !== null && differences.length === 0 ? id : await send(id, tool));
  }
  return ids;
}

/** Gives an assistant the tools that it lacks. @returns how many those were. */
/**
 * Gives the assistant's transcriber the names that callers say, if it is one that takes them. The terms that it has stay.
 * @returns how many were added; null if the transcriber is not Deepgram's.
 */
export async function addKeyterms(
  client: VapiClient,
  assistantId: string,
  terms: readonly string[],
): Promise<number | null> {
  const { transcriber } = await client.assistants.get({ id: assistantId });
  if (transcriber?.provider !== 'deepgram') return null;
  const standing = transcriber.keyterm ?? [];
  const keyterm = mergeKeyterms(standing, terms);
  if (keyterm.length > standing.length) {
    await client.assistants.update({ id: assistantId, transcriber: { ...transcriber, keyterm } });
  }
  return keyterm.length - standing.length;
}

/** Gives an assistant the tools that it does not have yet. @returns how many those were */
export async function attachTools(
  client: VapiClient,
  assistantId: string,
  toolIds: readonly string[],
): Promise<number> {
  const { model } = await client.assistants.get({ id: assistantId });
  if (!model) throw new Error(`The assistant ${assistantId} has no model to give tools to`);
  const has = model.toolIds ?? [];
  const missing = toolIds.filter((id) => !has.includes(id));
  if (missing.length > 0) {
    await client.assistants.update({ id: assistantId, model: { ...model, toolIds: [...has, ...missing] } });
  }
  return missing.length;
}
