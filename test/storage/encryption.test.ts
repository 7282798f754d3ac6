import { describe, expect, test } from '@jest/globals';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { joinText, splitText } from '../../shared/storage/rows.ts';

function key(id: string, fill: number) {
  return { id, bytes: new Uint8Array(32).fill(fill) };
}
const old = key('old', 1);
const fresh = key('new', 2);

describe('an encrypted value', () => {
  test('is decrypted in its own context only', async () => {
    const encryption = createEncryption([old]);
    const value = await encryption.encrypt('secret', 'ann');
    expect(value).not.toContain('secret');
    expect(await encryption.decrypt(value, 'ann')).toBe('secret');
    await expect(encryption.decrypt(value, 'bob')).rejects.toMatchObject({ code: 'data_unreadable' });
  });

  test.each([0, 1, 2, 3])('is unreadable once its part %i is altered', async (part) => {
    const encryption = createEncryption([old]);
    const parts = (await encryption.encrypt('secret', 'ann')).split('.');
    const letter = parts[part]?.[2] === 'A' ? 'B' : 'A';
    parts[part] = `${parts[part]?.slice(0, 2) ?? ''}${letter}${parts[part]?.slice(3) ?? ''}`;
    await expect(encryption.decrypt(parts.join('.'), 'ann')).rejects.toMatchObject({
      code: 'data_unreadable',
    });
  });

  test('cannot be forged: any other text is unreadable', async () => {
    for (const text of ['', 'x', 'a.b.c.d', '{}']) {
      await expect(createEncryption([old]).decrypt(text, 'ann')).rejects.toMatchObject({
        code: 'data_unreadable',
      });
      expect(createEncryption([old]).isCurrent(text)).toBe(false);
    }
  });

  test('is decrypted under every listed key, and encrypted under the first one', async () => {
    const value = await createEncryption([old]).encrypt('secret', 'ann');
    const rotated = createEncryption([fresh, old]);
    expect(await rotated.decrypt(value, 'ann')).toBe('secret');
    expect(rotated.isCurrent(value)).toBe(false);
    const again = await rotated.encrypt('secret', 'ann');
    expect(rotated.isCurrent(again)).toBe(true);
    expect(await createEncryption([fresh]).decrypt(again, 'ann')).toBe('secret');
  });

  test('says that its key is no longer listed', async () => {
    const value = await createEncryption([old]).encrypt('secret', 'ann');
    await expect(createEncryption([fresh]).decrypt(value, 'ann')).rejects.toMatchObject({
      code: 'encryption_key_missing',
    });
  });

  test('is unreadable under another key with the same id', async () => {
    const value = await createEncryption([old]).encrypt('secret', 'ann');
    await expect(createEncryption([key('old', 3)]).decrypt(value, 'ann')).rejects.toMatchObject({
      code: 'data_unreadable',
    });
  });
});

test('a long text is spread over properties within the limits of Table Storage', () => {
  for (const length of [0, 1, 32_000, 32_001, 100_000]) {
    const text = 'x'.repeat(length);
    const chunks = splitText('tokens', text);
    expect(Object.values(chunks).every((chunk) => chunk.length <= 32_768)).toBe(true);
    expect(joinText('tokens', { partitionKey: 'p', rowKey: 'r', ...chunks })).toBe(text);
  }
});
