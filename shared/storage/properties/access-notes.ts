import type { Encryption } from '../../core/encryption.ts';
import { codeOf, isAppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { rowContext } from '../reencrypt.ts';
import { joinText } from '../rows.ts';
import type { Row } from '../tables.ts';

/** Decrypts the access notes of a row; null if there are none, or none that can be read. */
export type ReadNotes = (row: Row) => Promise<string | null>;

/**
 * A home outlives the key of its note: if the note cannot be decrypted, the home has none. The first time is logged, for each
 * instance: there may be thousands of homes.
 */
export function createNotesReader(encryption: Encryption, log: Log): ReadNotes {
  let isLogged = false;
  return async (row) => {
    const encrypted = joinText('notes', row);
    if (encrypted === '') return null;
    try {
      return await encryption.decrypt(encrypted, rowContext(row));
    } catch (error) {
      if (!isAppError(error, 'data_unreadable', 'encryption_key_missing')) throw error;
      if (!isLogged) log.error('access_notes_unreadable', { code: codeOf(error) });
      isLogged = true;
      return null;
    }
  };
}
