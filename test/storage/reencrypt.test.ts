// Encrypting what is stored again, under the newest key.
import { expect, test } from '@jest/globals';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { reencrypt, rowContext } from '../../shared/storage/reencrypt.ts';
import type { EncryptedColumn } from '../../shared/storage/reencrypt.ts';
import { joinText, ROW_VERSION, splitText } from '../../shared/storage/rows.ts';
import { useTestApp } from '../support/test-app.ts';

const app = useTestApp();
const COLUMN: EncryptedColumn = { table: 'messages', name: 'details', contextOf: rowContext };
const KEYS = { partitionKey: 'pete', rowKey: 'one' };

test('A long value under a key with a long id can be read after it is encrypted again under one with a short id', async () => {
  const old = { id: 'k'.repeat(64), bytes: Buffer.alloc(32, 1) };
  const fresh = { id: 'b', bytes: Buffer.alloc(32, 2) };
  const under = createEncryption([old]);
  const empty = await under.encrypt('', rowContext(KEYS));
  // Base64 of the ciphertext: just too long for one property, and with the short id just short enough.
  const text = 'x'.repeat(Math.floor(((32_010 - empty.length) * 3) / 4));
  const value = await under.encrypt(text, rowContext(KEYS));
  expect(Object.keys(splitText('details', value))).toEqual(['details0', 'details1']);
  await app.tables.insert('messages', {
    ...KEYS,
    version: ROW_VERSION,
    detail: 'x',
    details0x: 'y',
    ...splitText('details', value),
  });

  const encryption = createEncryption([fresh, old]);
  expect(await reencrypt(app.tables, encryption, [COLUMN], app.signal())).toEqual({
    reencrypted: 1,
    unreadable: 0,
  });
  const row = await app.tables.getOrNull('messages', KEYS.partitionKey, KEYS.rowKey);
  if (!row) throw new Error('The row is gone');
  expect(row).toMatchObject({ version: ROW_VERSION, detail: 'x', details0x: 'y' });
  expect(row).not.toHaveProperty('details1');
  expect(await createEncryption([fresh]).decrypt(joinText('details', row), rowContext(KEYS))).toBe(text);
});
