// What a route is, and what its handlers are given and give back. The types are read off the route's entry in routes.ts: a
// handler whose body does not fit does not compile.
import type { Cookie, HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import type { ErrorCode } from '../core/errors.ts';
import type { Page } from './pages/layout.ts';

/** Who may ask. The host checks function keys; the webhook checks VAPI's secret or signature itself. */
export type Access = 'function_key' | 'anonymous' | 'vapi';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** How faults are answered: as JSON, as a page, or as whichever the `Accept` header asks for. */
export type ErrorFormat = 'json' | 'page' | 'negotiated';

/** One response of an operation. */
export interface ResponseSpec {
  readonly description: string;
  /** The JSON body. */
  readonly json?: z.ZodType;
  /** An HTML page; with `json`, whichever the `Accept` header asks for. */
  readonly page?: true;
  /** A redirect, with cookies. */
  readonly redirect?: true;
  /** Plain text. */
  readonly text?: true;
  /** Bytes of another content type, made by the handler. */
  readonly bytes?: string;
}

/** How a body is read. */
export type BodySpec =
  /** Parsed and checked. At most `maxBytes`, by default 64 KiB. */
  | {
      readonly json: z.ZodType;
      readonly maxBytes?: number;
      readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
    }
  /** `application/x-www-form-urlencoded`, checked. At most 64 KiB. */
  | { readonly form: z.ZodObject }
  /** Bytes as they came. `types` is for the documentation: the handler looks at the content type. */
  | {
      readonly bytes: Readonly<Record<string, z.ZodType>>;
      readonly maxBytes: number;
      /** The handler may answer before it reads the body: it gets a function. */
      readonly onDemand?: true;
      readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
    };

/** One method of a route. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  /** Empty values count as missing. */
  readonly query?: z.ZodObject;
  /** For the documentation: handlers read headers themselves. */
  readonly headers?: z.ZodObject;
  readonly body?: BodySpec;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** Statuses of errors that only this operation has. 401, 413 and 503 come with the access, the body and the app. */
  readonly errors?: readonly number[];
}

/** One Azure Function with an HTTP trigger. */
export interface Route {
  readonly path: `/${string}`;
  readonly access: Access;
  /** The section of the documentation. */
  readonly tag: string;
  readonly params?: z.ZodObject;
  /** Default `json`. */
  readonly errorFormat?: ErrorFormat;
  /** How long a request may take, in milliseconds. Default 25,000. */
  readonly timeoutMs?: number;
  /** Whether HEAD is answered like GET, without the body. */
  readonly head?: true;
  /** Whether the handlers run with bad settings, too: then `app` may be null. */
  readonly withoutApp?: true;
  readonly operations: Readonly<Partial<Record<Method, Operation>>>;
}

/** One Azure Function with a timer trigger. */
export interface Timer {
  /** NCRONTAB, in UTC. */
  readonly schedule: string;
}

type Output<Schema, None = undefined> = Schema extends z.ZodType ? z.output<Schema> : None;

/** Reads the body until the signal aborts. @throws AppError `payload_too_large`, `invalid_request`, `deadline_exceeded` */
export type ReadBody = (signal: AbortSignal) => Promise<Uint8Array>;

type BodyOf<Spec> = Spec extends { readonly json: infer Schema }
  ? Output<Schema>
  : Spec extends { readonly form: infer Schema }
    ? Output<Schema>
    : Spec extends { readonly bytes: unknown; readonly onDemand: true }
      ? ReadBody
      : Spec extends { readonly bytes: unknown }
        ? Uint8Array
        : undefined;

/** What a handler is given. */
export interface HandlerInput<App, R extends Route, O extends Operation> {
  readonly app: R extends { readonly withoutApp: true } ? App | null : App;
  readonly params: Output<R['params']>;
  readonly query: Output<O['query']>;
  readonly body: BodyOf<O['body']>;
  readonly request: HttpRequest;
  /** Aborts at the request's deadline: after 25 seconds, if the route says nothing else. */
  readonly signal: AbortSignal;
  /** Whether a person is looking: the `Accept` header names text/html. */
  readonly wantsPage: boolean;
}

export type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

interface ReplyHeaders {
  readonly headers?: Readonly<Record<string, string>>;
}

type JsonReply<Status, Schema> = ReplyHeaders & {
  readonly status: Status;
  readonly body: DeepReadonly<Output<Schema>>;
};
type PageReply<Status> = ReplyHeaders & { readonly status: Status; readonly page: Page };
type RedirectReply<Status> = ReplyHeaders & {
  readonly status: Status;
  readonly location: string;
  readonly cookies: readonly Cookie[];
};
type TextReply<Status> = ReplyHeaders & { readonly status: Status; readonly text: string };
type BytesReply<Status> = ReplyHeaders & { readonly status: Status; readonly bytes: Uint8Array };
type EmptyReply<Status> = ReplyHeaders & { readonly status: Status };

type ReplyTo<Status, Spec> = Spec extends { readonly json: infer Schema; readonly page: true }
  ? JsonReply<Status, Schema> | PageReply<Status>
  : Spec extends { readonly json: infer Schema }
    ? JsonReply<Status, Schema>
    : Spec extends { readonly page: true }
      ? PageReply<Status>
      : Spec extends { readonly redirect: true }
        ? RedirectReply<Status>
        : Spec extends { readonly text: true }
          ? TextReply<Status>
          : Spec extends { readonly bytes: string }
            ? BytesReply<Status>
            : EmptyReply<Status>;

/** A refusal with a page of its own, for a person. Other refusals are thrown. */
export interface RefusalReply {
  readonly refusal: { readonly code: ErrorCode; readonly message: string };
  readonly page: Page;
}

/** What a handler gives back: one of the operation's responses. Faults are thrown. */
export type Reply<O extends Operation> =
  | {
      [Status in keyof O['responses'] & number]: ReplyTo<Status, O['responses'][Status]>;
    }[keyof O['responses'] & number]
  | RefusalReply;

/** A handler for each method of a route. */
export type Handlers<App, R extends Route> = {
  readonly [M in keyof R['operations'] & Method]: R['operations'][M] extends Operation
    ? (
        input: HandlerInput<App, R, R['operations'][M]>,
      ) => Reply<R['operations'][M]> | Promise<Reply<R['operations'][M]>>
    : never;
};

/** A reply of any shape, as the wrapper sees it. */
export type AnyReply = ReplyHeaders & {
  readonly status: number;
  readonly refusal?: undefined;
  readonly body?: unknown;
  readonly page?: Page;
  readonly location?: string;
  readonly cookies?: readonly Cookie[];
  readonly text?: string;
  readonly bytes?: Uint8Array;
};
