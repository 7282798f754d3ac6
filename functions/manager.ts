// PUT, GET and DELETE /managers/{user_id}: an operator says who is called how, and sets the manager's rules.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { AppError } from '../shared/core/errors.ts';
import {
  answer,
  jsonAnswer,
  parseInput,
  readJson,
  requestDeadline,
  requireUserId,
} from '../shared/http/responses.ts';
import { managerBody, toManager } from '../shared/managers/manager.ts';
import { toManagerAnswer } from '../shared/http/manager-response.ts';
import type { Precondition } from '../shared/managers/managers.ts';
import { currentLog, services } from '../shared/app.ts';

function preconditionOf({ headers }: HttpRequest): Precondition {
  return {
    ifMatch: headers.get('if-match') ?? undefined,
    ifNoneMatch: headers.get('if-none-match') === '*' ? '*' : undefined,
  };
}

async function show(userId: string, ifNoneMatch: string | null): Promise<HttpResponseInit> {
  const { managers, config } = services();
  const found = await managers.read(userId, requestDeadline());
  if (!found) throw new AppError('not_found', 'There is no such manager');
  const { manager, mailbox, etag } = found;
  if (ifNoneMatch === etag) return { status: 304, headers: { etag } };
  return jsonAnswer(200, toManagerAnswer(manager, mailbox, config.defaultTimeZone), { etag });
}

async function put(request: HttpRequest, userId: string): Promise<HttpResponseInit> {
  const { managers, config } = services();
  const manager = toManager(userId, parseInput(managerBody, await readJson(request)));
  const { etag, created, mailbox } = await managers.put(manager, preconditionOf(request), requestDeadline());
  return jsonAnswer(created ? 201 : 200, toManagerAnswer(manager, mailbox, config.defaultTimeZone), { etag });
}

export function manager(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const { managers } = services();
    const userId = requireUserId(request.params['user_id']);
    if (request.method === 'GET') return show(userId, request.headers.get('if-none-match'));
    if (request.method === 'PUT') return put(request, userId);
    await managers.remove(userId, preconditionOf(request), requestDeadline());
    return { status: 204 };
  });
}

app.http('manager', {
  methods: ['GET', 'PUT', 'DELETE'],
  authLevel: 'function',
  route: 'managers/{user_id}',
  handler: manager,
});
