// POST /calendar/auth/disconnect: an operator has a manager's tokens erased.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answer, jsonAnswer, parseInput, readJson, requestDeadline } from '../shared/http/responses.ts';
import { disconnectBody } from '../shared/http/requests.ts';
import { currentLog, services } from '../shared/app.ts';

export function calendarAuthDisconnect(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const { connections } = services();
    const { user_id } = parseInput(disconnectBody, await readJson(request));
    const wasThere = await connections.disconnect(user_id, requestDeadline());
    return jsonAnswer(200, { user_id, status: wasThere ? 'disconnected' : 'not_connected' });
  });
}

app.http('calendarAuthDisconnect', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'calendar/auth/disconnect',
  handler: calendarAuthDisconnect,
});
