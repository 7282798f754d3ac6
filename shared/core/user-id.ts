// A user id is mostly a phone number, and a URL turns its plus into a space: both must name the same manager.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { z } from 'zod';

/** `+15555551234` from any way of writing it that has a country code; null where it is no possible number. */
export function parsePhoneNumber(text: string): string | null {
  const marked = text.replace(/^\s*[+ ]?\s*/, '+');
  const number = /^\+[\d\s().\-/]+$/.test(marked) ? parsePhoneNumberFromString(marked) : undefined;
  return number?.isPossible() ? number.number : null;
}

/** Lower case, or null where it is no e-mail address. A space is a plus that a URL took away: no address holds one. */
export function parseEmail(text: string): string | null {
  const parsed = z.email().max(128).safeParse(text.trim().replaceAll(' ', '+').toLowerCase());
  return parsed.success ? parsed.data : null;
}

// A plus, or the space that is left of it, before nothing but digits; or as many digits as a number with its country has.
const PHONE_LIKE = /^[+ ]\s*\(?\d[\d\s().-]*$|^\d{11,15}$/;
// Letters, marks, numbers, punctuation, symbols and plain spaces, but for what would break a path or a query.
const NAME = /^(?!.*[/\\?#%])[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,128}$/u;

export type UserIdResult =
  { readonly ok: true; readonly userId: string } | { readonly ok: false; readonly message: string };

/**
 * The one way of writing a user id: E.164 for what looks like a phone number, lower case for an e-mail address, else a
 * name as it stands, of up to 128 visible characters without `/ \ ? # %`.
 */
export function parseUserId(raw: string): UserIdResult {
  const text = raw.normalize('NFC');
  if (PHONE_LIKE.test(text)) {
    const number = parsePhoneNumber(text);
    if (number !== null) return { ok: true, userId: number };
    return { ok: false, message: 'must be a phone number with its country code, such as +15555551234' };
  }
  const name = text.trim();
  if (!NAME.test(name)) {
    return {
      ok: false,
      message:
        'must be a phone number, an e-mail address, or a name of up to 128 characters without / \\ ? # %',
    };
  }
  return { ok: true, userId: name.includes('@') ? (parseEmail(name) ?? name) : name };
}
