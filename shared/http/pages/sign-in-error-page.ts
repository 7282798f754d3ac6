import type { ErrorCode } from '../../core/errors.ts';
import { html } from '../../core/html.ts';
import type { Html } from '../../core/html.ts';
import type { Page } from './layout.ts';

/** A sign-in that did not lead to a connection. */
export interface SignInError {
  readonly code: ErrorCode;
  /** The page to start again from; null if there is none. */
  readonly retryUrl: string | null;
  readonly accounts?: { readonly expected: string; readonly actual: string };
  /** Where an administrator can approve, and what. */
  readonly admin?: { readonly url: string; readonly scopes: readonly string[] };
}

interface Words {
  readonly title: string;
  readonly text: string;
  /** What the button that starts again says. */
  readonly retry: string;
}

const ASK_FOR_ANOTHER = 'Ask whoever sent it to you for a new one.';
const OUR_FAULT: Words = {
  title: 'Something is wrong on our side',
  text: 'Your calendar has not been connected. Please try again later; if it keeps happening, tell whoever set up your calls.',
  retry: 'Try again',
};

const WORDS: Partial<Record<ErrorCode, Words>> = {
  link_invalid: {
    title: 'This link is not valid',
    text: `Part of it may be missing. Open it straight from the mail, or copy all of it. ${ASK_FOR_ANOTHER}`,
    retry: 'Open it again',
  },
  link_expired: {
    title: 'This link has expired',
    text: `Links work for a limited time only. ${ASK_FOR_ANOTHER} If you had come back from Microsoft, open your link once more.`,
    retry: 'Start again',
  },
  link_used: {
    title: 'This link has already been used',
    text: `A link can connect only one calendar, and only once. A newer link ends the older ones. If you used it yourself, you do not have to do anything. If not, ask whoever sent it to you for a new one.`,
    retry: 'Start again',
  },
  state_invalid: {
    title: 'This sign-in is not known here',
    text: 'It may have been started too long ago. Open your link once more and start again.',
    retry: 'Start again',
  },
  wrong_browser: {
    title: 'Please continue in the browser you started in',
    text: 'This sign-in was started in another browser, or the browser does not keep cookies. Nothing has been connected. Open your link here and start again.',
    retry: 'Start again',
  },
  consent_cancelled: {
    title: 'You cancelled at Microsoft',
    text: 'Your calendar has not been connected. If you changed your mind, start again.',
    retry: 'Start again',
  },
  admin_approval_required: {
    title: 'An administrator has to approve this',
    text: 'In your organization you cannot allow an app to use your calendar by yourself. Your calendar has not been connected yet.',
    retry: 'Start again once it is approved',
  },
  wrong_account: {
    title: 'This is another account',
    text: 'Only the invited account can be connected with this link. Nothing has been connected, and nothing of the other account was stored.',
    retry: 'Sign in with the right account',
  },
  no_mailbox: {
    title: 'This account has no calendar',
    text: 'You signed in, but the account has no mailbox that can hold appointments: it may be a guest account, or lack a license. Use the account you read your mail with.',
    retry: 'Sign in with another account',
  },
  microsoft_rejected: {
    title: 'Microsoft did not accept the sign-in',
    text: 'It may have taken too long, or been used already. Your calendar has not been connected.',
    retry: 'Start again',
  },
  microsoft_unreachable: {
    title: 'Microsoft cannot be reached right now',
    text: 'Your calendar has not been connected. Please try again in a few minutes.',
    retry: 'Try again',
  },
};

function aliasOf(code: ErrorCode): ErrorCode {
  return code === 'microsoft_throttled' || code === 'deadline_exceeded' ? 'microsoft_unreachable' : code;
}

function wordsOf(code: ErrorCode): Words {
  return WORDS[aliasOf(code)] ?? OUR_FAULT;
}

/** The same in one line, for programs. */
export function signInErrorText(code: ErrorCode): string {
  const { title, text } = wordsOf(code);
  return `${title}. ${text}`;
}

function accountList({ expected, actual }: NonNullable<SignInError['accounts']>): Html {
  return html`
    <dl>
      <dt>Invited</dt>
      <dd>${expected}</dd>
      <dt>Signed in</dt>
      <dd>${actual}</dd>
    </dl>
  `;
}

/** `A, B and C` */
function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}

function adminPart(code: ErrorCode, { url, scopes }: NonNullable<SignInError['admin']>): Html {
  return html`
    <h2>${code === 'consent_cancelled' ? 'Did Microsoft ask for an administrator?' : 'What to do'}</h2>
    <p>
      If Microsoft said that an administrator has to approve, send this to the person who looks after
      Microsoft 365 in your organization:
    </p>
    <pre>
Please approve the app “PeteRental Calendar” for our organization. It answers calls about our rentals and books viewings into my calendar. It asks for ${listOf(scopes)} on behalf of the people who connect it, and for no mail. You can approve it here within 7 days:

${url}</pre>
    <p>If that person is you, <a href="${url}">open the approval page</a>.</p>
    <p>Once it is approved, open your own link again: it is still good.</p>
  `;
}

/** What went wrong, in the manager's words, and what to do about it. */
export function signInErrorPage({ code, retryUrl, accounts, admin }: SignInError): Page {
  const words = wordsOf(code);
  const retry =
    retryUrl === null ? null : html`<p><a class="button" href="${retryUrl}">${words.retry}</a></p>`;
  const approval = admin === undefined ? null : adminPart(code, admin);
  return {
    title: words.title,
    content: html`
      <p>${words.text}</p>
      ${accounts ? accountList(accounts) : null}
      ${code === 'consent_cancelled' ? [retry, approval] : [approval, retry]}
    `,
  };
}

/** The page that an administrator sees after Microsoft's approval page. */
export function adminReturnPage(allowed: boolean): Page {
  return allowed
    ? {
        title: 'Thank you: the app is approved',
        content: html`
          <p>
            People in your organization can now connect their calendars to PeteRental Calendar. Nothing is
            connected yet.
          </p>
          <p>Please tell the person who asked you: the link in their mail works now.</p>
        `,
      }
    : {
        title: 'The app was not approved',
        content: html`
          <p>
            Nothing has been changed. If you want to approve it later, open the link you were sent once more.
          </p>
        `,
      };
}
