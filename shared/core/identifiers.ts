// Hazard: a user id is mostly a phone number, and a URL turns its plus into a space. Both must name the same manager.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { PhoneNumber } from 'libphonenumber-js/min';
import * as z from 'zod';
import { rememberResults } from './remember.ts';

/** A manager's number comes with every question. Longer texts are no numbers. */
const MAX_REMEMBERED = 40;

function readPhoneNumber(text: string): PhoneNumber | null {
  return text.length > MAX_REMEMBERED ? readNewNumber(text) : readRemembered(text);
}

const readRemembered = rememberResults(2_000, readNewNumber);

function readNewNumber(text: string): PhoneNumber | null {
  const marked = text.replace(/^\s*[+ ]?\s*/, '+');
  const number = /^\+[\d\s().\-/]+$/.test(marked) ? parsePhoneNumberFromString(marked) : undefined;
  return number?.isPossible() ? number : null;
}

/**
 * A phone number that an operator wrote, in E.164 (`+15555551234`).
 * @returns null if it has no country code or not a possible length.
 */
export function parsePhoneNumber(text: string): string | null {
  return readPhoneNumber(text)?.number ?? null;
}

/** Words that carriers spell as a number when the caller withholds theirs. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '+266696687', // ANONYMOUS
  '+7378742833', // RESTRICTED
  '+17378742833', // RESTRICTED, taken for a number in Texas
  '+2562533', // BLOCKED
  '+8656696', // UNKNOWN
  '+86282452253', // UNAVAILABLE
]);

/**
 * A phone number of one person: valid where numbers are assigned, and none of the words that carriers
 * spell as a number when a caller withholds theirs.
 * @returns E.164, or null if the number identifies nobody.
 */
export function parseCallerNumber(text: string): string | null {
  const number = readPhoneNumber(text);
  return number?.isValid() && !PLACEHOLDERS.has(number.number) ? number.number : null;
}

/** A SIP address without password, port or parameters. The user part keeps its case (RFC 3261, section 19.1.4). */
const SIP =
  /^sips?:([\w.+~!*'()&=$,;?/%-]{1,128})@([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::\d{1,5})?(?:[;?].*)?$/i;

/**
 * What a manager's line is called by: a phone number in E.164, or a SIP address such as `sip:pete@sip.example.com`.
 * A number may come without its plus (`13125550100`).
 * @returns null if it is not one of them.
 */
export function parseLineAddress(text: string): string | null {
  const [, user, host] = SIP.exec(text.trim()) ?? [];
  if (user !== undefined && host !== undefined) return `sip:${user}@${host.toLowerCase()}`;
  return parsePhoneNumber(text);
}

/**
 * An e-mail address in lower case. A space is taken for a plus that a URL took away: no address holds a space.
 * @returns null if it is no e-mail address of up to 128 characters.
 */
export function parseEmail(text: string): string | null {
  const parsed = z.email().max(128).safeParse(text.trim().replaceAll(' ', '+').toLowerCase());
  return parsed.success ? parsed.data : null;
}

// A plus, or the space that is left of it, before nothing but digits; or as many digits as a number with its country has.
const PHONE_LIKE = /^[+ ]\s*\(?\d[\d\s().-]*$|^\d{11,15}$/;
// Letters, marks, numbers, punctuation, symbols and plain spaces, without the characters that break a path or a query.
const NAME = /^(?!.*[/\\?#%])[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,128}$/u;

/** A user id as it is stored, or why the text is none, in words for the sender. */
export type UserIdResult =
  { readonly ok: true; readonly userId: string } | { readonly ok: false; readonly message: string };

/**
 * The one way to write a user id: E.164 if it looks like a phone number, lower case if it is an e-mail address, else
 * the name as it is, of up to 128 visible characters without `/ \ ? # %`.
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
