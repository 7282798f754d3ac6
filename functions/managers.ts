// GET /managers: an operator lists all managers.
import { app } from '@azure/functions';
import type { HttpResponseInit } from '@azure/functions';
import { answer, jsonAnswer, requestDeadline } from '../shared/http/responses.ts';
import { toManagerAnswer } from '../shared/http/manager-response.ts';
import { currentLog, services } from '../shared/app.ts';

export function managers(): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const { managers: all, config } = services();
    const found = await all.list(requestDeadline());
    return jsonAnswer(200, {
      managers: found.map(({ manager, mailbox }) =>
        toManagerAnswer(manager, mailbox, config.defaultTimeZone),
      ),
    });
  });
}

app.http('managers', { methods: ['GET'], authLevel: 'function', route: 'managers', handler: managers });
