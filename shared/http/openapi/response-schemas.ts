// What the operators' routes answer, for the OpenAPI document. Requests are told by the schemas that check them.
import { z } from 'zod';
import { managerBody } from '../../managers/manager.ts';

const time = z.iso.datetime().describe('ISO 8601 in UTC');

export const errorAnswer = z
  .object({
    error: z.object({
      code: z.string().describe('A stable word for what is wrong'),
      message: z.string(),
      details: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: 'Error' });

export const startAnswer = z
  .object({ authorization_url: z.url(), message: z.string(), expires_at: time })
  .meta({ id: 'ConnectLink' });

export const callbackAnswer = z
  .object({ status: z.literal('success'), message: z.string(), calendar_email: z.string().optional() })
  .meta({ id: 'Connected' });

export const statusAnswer = z
  .object({
    authorized: z.boolean().describe('Whether `status` is connected'),
    status: z.enum(['not_connected', 'connected', 'reconnect_required', 'disconnected']),
    expires_at: time.nullable().describe('Of the access token, which is renewed; null unless connected'),
    calendar_email: z.string().nullable(),
    time_zone: z.string().nullable(),
    connected_at: time.nullable(),
    last_refreshed_at: time.nullable(),
    reconnect_since: time.nullable(),
    reason: z.string().nullable().describe('In words'),
    invite: z.object({ sent_at: time, expires_at: time }).nullable(),
  })
  .meta({ id: 'ConnectionStatus' });

export const inviteAnswer = z.object({ user_id: z.string(), expires_at: time }).meta({ id: 'Invited' });

export const disconnectAnswer = z
  .object({ user_id: z.string(), status: z.enum(['disconnected', 'not_connected']) })
  .meta({ id: 'Disconnected' });

export const managerAnswer = managerBody
  .extend({
    user_id: z.string(),
    notify_email: z.string().nullable(),
    phone_numbers: z.array(z.string()).describe('E.164'),
    language: z.string().nullable(),
    time_zone: z.string(),
  })
  .meta({ id: 'Manager' });

export const managersAnswer = z.object({ managers: z.array(managerAnswer) }).meta({ id: 'Managers' });

export const healthAnswer = z
  .object({
    status: z.enum(['ok', 'degraded', 'failing', 'misconfigured']),
    build: z.string().describe('Which build answers; another after each deployment of changed code'),
    tables: z.enum(['ok', 'unreachable']).optional(),
    settings: z
      .union([z.literal('ok'), z.array(z.object({ setting: z.string(), expected: z.string() }))])
      .describe('The settings that keep the app from running; never their values'),
    key_references: z
      .union([z.literal('ok'), z.array(z.string())])
      .describe('The settings whose Key Vault reference is not resolved'),
    mail: z.enum(['configured', 'not_configured']).optional(),
    microsoft: z
      .enum(['unused', 'ok', 'failing'])
      .optional()
      .describe('How Microsoft answered the last request of this instance'),
    microsoft_used_at: time.nullish(),
    connections: z.record(z.string(), z.int()).nullish().describe('How many there are of each status'),
    oldest_refresh_at: time.nullish(),
    counts: z
      .record(z.string(), z.int().nullable())
      .optional()
      .describe('How many things are amiss, by kind; null: unknown. Any but 0 makes the status degraded'),
  })
  .meta({ id: 'Health' });
