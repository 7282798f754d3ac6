// What the Functions worker supplies to an app as `@azure/functions-core`: it collects what the app registers.
// Read in the Node worker's source and in @azure/functions 4.16.5.

import type { Server } from 'node:http';

export interface Binding {
  readonly type: string;
  readonly name: string;
  readonly direction: 'in' | 'out';
  readonly methods?: readonly string[];
  readonly authLevel?: 'anonymous' | 'function' | 'admin';
  readonly route?: string;
  readonly schedule?: string;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

export interface RpcHttp {
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly RpcCookie[];
  readonly body?: RpcData | null;
}

export interface RpcCookie {
  readonly name?: string;
  readonly value?: string;
  readonly path?: { readonly value?: string };
  readonly secure?: { readonly value?: boolean };
  readonly httpOnly?: { readonly value?: boolean };
  readonly maxAge?: { readonly value?: number };
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
}

export interface RpcData {
  readonly bytes?: Uint8Array;
  readonly string?: string;
  readonly json?: string;
  readonly http?: RpcHttp;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: RpcData | null }>;
}

export type Handler = (...inputs: unknown[]) => unknown;

/** What `@azure/functions` hands to the worker: how it makes invocations, and what it can do. */
export interface ProgrammingModel {
  getInvocationModel(core: unknown): InvocationModel;
  getCapabilities(given: Record<string, string>): Promise<{ HttpUri?: string }>;
}

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly handler: Handler;
}

/** Where the library takes streamed requests. */
export interface HttpStream {
  readonly uri: string;
  /** What listens there; undefined if it was not found. */
  readonly server: Server | undefined;
}

interface Registry {
  model: ProgrammingModel | null;
  readonly functions: Map<string, RegisteredFunction>;
  readonly hooks: Map<string, Handler[]>;
  /** Where streamed requests go, once a host has asked the library; null without streaming. */
  httpStream: Promise<HttpStream | null> | undefined;
}

/** Everything the app has registered so far. */
export const registry: Registry = {
  model: null,
  functions: new Map(),
  hooks: new Map(),
  httpStream: undefined,
};

export const version = '4.0.0-sandbox';
export const hostVersion = '4.0.0-sandbox';

/** Called by `@azure/functions` when it loads. */
export function setProgrammingModel(model: ProgrammingModel): void {
  registry.model = model;
}

/** Called by `@azure/functions` for each function of the app. @throws Error if the name is taken */
export function registerFunction(metadata: FunctionMetadata, handler: Handler): { dispose(): void } {
  if (registry.functions.has(metadata.name))
    throw new Error(`A function named "${metadata.name}" is already there`);
  registry.functions.set(metadata.name, { metadata, handler });
  return { dispose: () => registry.functions.delete(metadata.name) };
}

/** Called by `@azure/functions` for each hook of the app. */
export function registerHook(name: string, callback: Handler): { dispose(): void } {
  const callbacks = registry.hooks.get(name) ?? [];
  callbacks.push(callback);
  registry.hooks.set(name, callbacks);
  return { dispose: () => callbacks.splice(callbacks.indexOf(callback), 1) };
}

/** Called by `@azure/functions`. Only warnings and errors are shown. */
export function log(level: string, _category: string, message: string): void {
  if (level === 'warning' || level === 'error' || level === 'critical')
    process.stderr.write(`[worker] ${message}\n`);
}
