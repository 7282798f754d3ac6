import type { Postman } from '../connections/connection.ts';
import { writeLetter } from './email-templates.ts';
import { createTransport } from './email-transport.ts';
import type { MailSettings } from './email-transport.ts';

export function createPostman(settings: MailSettings): Postman {
  const send = createTransport(settings);
  return {
    async send(letter, signal) {
      await send({ to: letter.to, ...writeLetter(letter) }, signal);
    },
  };
}
