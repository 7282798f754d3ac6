// The callers: they ask for times over kept connections, as VAPI does.
import { Agent, request } from 'node:http';
import { SECOND_MS } from '../shared/core/duration.ts';
import { pause } from '../shared/core/retry.ts';

export interface Callers {
  /** Asks once. @throws {Error} unless times are offered: a refusal is quick, and measures nothing */
  ask(): Promise<void>;
  /** So many callers, each of whom asks again as soon as they are answered. @returns answers a second */
  askInTurns(callers: number, questions: number): Promise<number>;
  /** Questions that arrive at random, so many a second, and never more than `atOnce` under way. */
  askAtRate(perSecond: number, questions: number, atOnce: number): Promise<void>;
  close(): void;
}

/** @param body of every question */
export function createCallers(url: string, body: string): Callers {
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

  function ask(): Promise<void> {
    return new Promise((resolve, reject) => {
      const asking = request(url, { method: 'POST', agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          // In one form the result is an object, in the other a text.
          if (/\\?"action\\?":\\?"present_slots\\?"/.test(text)) resolve();
          else reject(new Error(`No times: ${String(answer.statusCode)} ${text.slice(0, 500)}`));
        });
        answer.on('error', reject);
      });
      asking.on('error', reject);
      asking.end(body);
    });
  }

  return {
    ask,

    async askInTurns(callers, questions) {
      let left = questions;
      const startedAt = performance.now();
      const caller = async (): Promise<void> => {
        while (left-- > 0) await ask();
      };
      await Promise.all(Array.from({ length: callers }, caller));
      return (questions * SECOND_MS) / (performance.now() - startedAt);
    },

    async askAtRate(perSecond, questions, atOnce) {
      const underWay = new Set<Promise<void>>();
      let seed = 1;
      const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
      let dueAt = performance.now();
      for (let question = 0; question < questions; question++) {
        dueAt += (-Math.log(random()) * SECOND_MS) / perSecond;
        // A timer fires a millisecond late: what is due by then is asked at once.
        const waitMs = dueAt - performance.now();
        if (waitMs > 1) await pause(waitMs);
        while (underWay.size >= atOnce) await Promise.race(underWay);
        const answered = ask().finally(() => underWay.delete(answered));
        underWay.add(answered);
      }
      await Promise.all(underWay);
    },

    close: () => {
      agent.destroy();
    },
  };
}
