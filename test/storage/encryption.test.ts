import { describe, expect, test } from '@jest/globals';
import { createSealer } from '../../shared/storage/encryption.ts';
import { joinText, splitText } from '../../shared/storage/chunks.ts';

function key(id: string, fill: number) {
  return { id, bytes: new Uint8Array(32).fill(fill) };
}
const old = key('old', 1);
const fresh = key('new', 2);

describe('a sealed text', () => {
  test('opens in the context it was sealed for, and in no other', async () => {
    const sealer = createSealer([old]);
    const sealed = await sealer.seal('secret', 'ann');
    expect(sealed).not.toContain('secret');
    expect(await sealer.open(sealed, 'ann')).toBe('secret');
    await expect(sealer.open(sealed, 'bob')).rejects.toMatchObject({ code: 'token_unreadable' });
  });

  test.each([0, 1, 2, 3])('does not open once its part %i is altered', async (part) => {
    const sealer = createSealer([old]);
    const parts = (await sealer.seal('secret', 'ann')).split('.');
    const letter = parts[part]?.[2] === 'A' ? 'B' : 'A';
    parts[part] = `${parts[part]?.slice(0, 2) ?? ''}${letter}${parts[part]?.slice(3) ?? ''}`;
    await expect(sealer.open(parts.join('.'), 'ann')).rejects.toMatchObject({ code: 'token_unreadable' });
  });

  test('is a fault where it is no sealed text at all', async () => {
    for (const text of ['', 'x', 'a.b.c.d', '{}']) {
      await expect(createSealer([old]).open(text, 'ann')).rejects.toMatchObject({ code: 'token_unreadable' });
    }
  });

  test('opens under every listed key while the first one seals', async () => {
    const sealed = await createSealer([old]).seal('secret', 'ann');
    const rotated = createSealer([fresh, old]);
    expect(await rotated.open(sealed, 'ann')).toBe('secret');
    const again = await rotated.seal('secret', 'ann');
    expect(await createSealer([fresh]).open(again, 'ann')).toBe('secret');
  });

  test('says so when its key is no longer listed', async () => {
    const sealed = await createSealer([old]).seal('secret', 'ann');
    await expect(createSealer([fresh]).open(sealed, 'ann')).rejects.toMatchObject({
      code: 'encryption_key_missing',
    });
  });

  test('does not open under another key of the same name', async () => {
    const sealed = await createSealer([old]).seal('secret', 'ann');
    await expect(createSealer([key('old', 3)]).open(sealed, 'ann')).rejects.toMatchObject({
      code: 'token_unreadable',
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
