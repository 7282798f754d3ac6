// The bodies of responses. Handlers are typed by them, and the OpenAPI document describes them.
import * as z from 'zod';
import { managerBody } from '../managers/manager-body.ts';

const time = z.iso.datetime().describe('ISO 8601 in UTC');

export const errorResponse = z
  .object({
    error: z.object({
      code: z.string().describe('A stable code: docs/api.md lists all of them'),
      message: z.string(),
      details: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: 'Error' });

export const connectLinkResponse = z
  .object({ authorization_url: z.url(), message: z.string(), expires_at: time })
  .meta({ id: 'ConnectLink' });

export const connectedResponse = z
  .object({ status: z.literal('success'), message: z.string(), calendar_email: z.string().optional() })
  .meta({ id: 'Connected' });

export const statusResponse = z
  .object({
    authorized: z.boolean().describe('Whether `status` is connected'),
    status: z.enum(['not_connected', 'connected', 'reconnect_required', 'disconnected']),
    expires_at: time.nullable().describe('Of the access token, which is renewed; null unless connected'),
    calendar_email: z.string().nullable(),
    time_zone: z.string().nullable(),
    time_zone_assumed: z
      .boolean()
      .describe('True if neither the profile nor the mailbox names a time zone, so that the default is used'),
    connected_at: time.nullable(),
    last_refreshed_at: time.nullable(),
    reconnect_since: time.nullable(),
    reason: z.string().nullable().describe('Why, in words'),
    notifications: z
      .object({
        state: z.enum(['on', 'off']).describe('On: times are listed without asking Microsoft'),
        expires_at: time.nullable().describe('Of the subscription, which is renewed daily'),
        reason: z.string().nullable().describe('Why it is off, in words'),
      })
      .describe('Whether Microsoft notifies the app of changes in the calendar'),
    invite: z.object({ sent_at: time, expires_at: time }).nullable(),
  })
  .meta({ id: 'ConnectionStatus' });

export const inviteResponse = z.object({ user_id: z.string(), expires_at: time }).meta({ id: 'Invited' });

export const disconnectResponse = z
  .object({ user_id: z.string(), status: z.enum(['disconnected', 'not_connected']) })
  .meta({ id: 'Disconnected' });

export const managerResponse = managerBody
  .extend({
    user_id: z.string(),
    name: z.string().nullable(),
    notify_email: z.string().nullable(),
    phone_numbers: z.array(z.string()).describe('E.164, or SIP addresses'),
    language: z.string().nullable(),
    time_zone: z.string(),
  })
  .meta({ id: 'Manager' });

export const managersResponse = z.object({ managers: z.array(managerResponse) }).meta({ id: 'Managers' });

export const healthResponse = z
  .object({
    status: z.enum(['ok', 'degraded', 'failing', 'misconfigured']),
    build: z.string().describe('The build that answers; each deployment of changed code has another one'),
    tables: z.enum(['ok', 'unreachable']).optional(),
    settings: z
      .union([z.literal('ok'), z.array(z.object({ setting: z.string(), expected: z.string() }))])
      .describe('The settings that keep the app from running; never their values'),
    settings_age_seconds: z
      .number()
      .describe(
        'How long ago the instance that answers read its settings; a secret that was stored since then is not in use there',
      ),
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
      .describe(
        'The number of problems of each kind; null if unknown. Any value but 0 makes the status degraded',
      ),
  })
  .meta({ id: 'Health' });

/** GET /managers/{user_id}/messages: newest first. */
export const messagesResponse = z
  .object({
    messages: z.array(
      z
        .object({
          message: z.string().nullable().describe('Null if it can no longer be decrypted'),
          unreadable: z.boolean().optional().describe('True if it can no longer be decrypted'),
          name: z.string().nullable(),
          phone: z
            .string()
            .nullable()
            .describe('E.164: the number of the call, or the one that the caller gave'),
          is_callers_number: z.boolean().describe('Whether `phone` is that of the call itself'),
          property_address: z.string().nullable().describe('The property last asked about on the call'),
          offered: z
            .array(z.string())
            .describe('The times last offered on the call, as they were read aloud'),
          received_at: z.iso.datetime(),
          mailed: z.boolean().describe('Whether it has been mailed to the manager'),
        })
        .meta({ id: 'Message' }),
    ),
  })
  .meta({ id: 'Messages' });
