import type { Postman } from '../connection/connection.ts';
import { writeLetter } from './letter.ts';
import { createTransport } from './transport.ts';
import type { MailSettings } from './transport.ts';

export const createPostman = (settings: MailSettings): Postman => {
  const send = createTransport(settings);
  return {
    async send(letter, signal) {
      await send({ to: letter.to, ...writeLetter(letter) }, signal);
    },
  };
};
