// Runs one function through the library's programming model, as the Node worker does.
import { registry } from './functions-core.ts';
import type { RegisteredFunction, RpcCookie, RpcData, RpcHttp } from './functions-core.ts';
import { triggerOf } from './functions-routes.ts';

/** One run of a function, as the worker gets it. */
export interface Invocation {
  readonly id: string;
  readonly target: RegisteredFunction;
  readonly input: RpcData;
  readonly triggerMetadata: Readonly<Record<string, RpcData>>;
  readonly log: (level: string, line: string) => void;
}

/** @returns what the function gave back. @throws whatever the function throws */
export async function invoke(invocation: Invocation): Promise<RpcData | null | undefined> {
  const { model } = registry;
  const { id, target, input, triggerMetadata, log } = invocation;
  const trigger = triggerOf(target);
  if (model === null || trigger === undefined) throw new Error(`${target.metadata.name} has no trigger`);
  const running = model.getInvocationModel({
    invocationId: id,
    metadata: target.metadata,
    request: { triggerMetadata, inputData: [{ name: trigger.name, data: input }] },
    log: (level: string, _category: string, message: string) => {
      log(level, message);
    },
  });
  const { context, inputs } = await running.getArguments();
  const hook = { invocationContext: context, inputs, functionCallback: target.handler, hookData: {} };
  for (const callback of registry.hooks.get('preInvocation') ?? []) await callback(hook);
  const result = await running.invokeFunction(context, hook.inputs, hook.functionCallback);
  return (await running.getResponse(context, result)).returnValue;
}

/** A cookie of the worker's answer as a `Set-Cookie` header. @see RFC 6265, section 4.1 */
export function toSetCookie(cookie: RpcCookie): string {
  return [
    `${cookie.name ?? ''}=${encodeURIComponent(cookie.value ?? '')}`,
    cookie.path?.value !== undefined && `Path=${cookie.path.value}`,
    cookie.maxAge?.value !== undefined && `Max-Age=${cookie.maxAge.value}`,
    cookie.secure?.value && 'Secure',
    cookie.httpOnly?.value && 'HttpOnly',
    cookie.sameSite === 'lax' && 'SameSite=Lax',
    cookie.sameSite === 'strict' && 'SameSite=Strict',
  ]
    .filter(Boolean)
    .join('; ');
}

/** The body of the worker's answer; empty if there is none. */
export function bodyOf({ body }: RpcHttp): Buffer | string {
  return body?.bytes ? Buffer.from(body.bytes) : (body?.string ?? '');
}
