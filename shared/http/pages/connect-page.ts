import { html } from '../../core/html.ts';
import { button } from './layout.ts';
import type { Page } from './layout.ts';

/** What the page of a connect link shows. */
export interface ConnectPageContent {
  readonly userId: string;
  readonly name: string | null;
  /** The only account that may connect; null if any may. */
  readonly calendarEmail: string | null;
  /** What Microsoft will be asked for, such as `Calendars.ReadWrite`. */
  readonly scopes: readonly string[];
  readonly formToken: string;
}

/** The page behind every connect link: who asks, for which account, for what. */
export function connectPage({ userId, name, calendarEmail, scopes, formToken }: ConnectPageContent): Page {
  return {
    title: 'Connect your calendar',
    content: html`
      <p>
        PeteRental Calendar answers calls about your rentals. To tell callers when you are free, and to book
        their viewings, it asks to use your Microsoft calendar.
      </p>
      <dl>
        <dt>For</dt>
        <dd>${name ?? userId}</dd>
        <dt>Account</dt>
        <dd>${calendarEmail ?? 'the Microsoft account you choose'}</dd>
      </dl>
      ${calendarEmail === null ? null : html`<p>Only this account can be connected with this link.</p>`}
      ${button('Continue to Microsoft', formToken)}
      <p class="soft">You sign in at Microsoft. Your password is never seen by us.</p>
      <h2>What it does with your calendar</h2>
      <ul>
        <li>Looks up when you are free and when you are busy, and your working hours.</li>
        <li>Adds viewings that callers book, and moves or cancels those viewings when callers ask.</li>
      </ul>
      <p class="soft">Microsoft calls these permissions ${scopes.join(', ')}.</p>
      <h2>What it never does</h2>
      <ul>
        <li>It does not read or send your e-mail.</li>
        <li>It does not change or delete appointments that it did not make.</li>
        <li>It does not tell callers what your appointments are about.</li>
      </ul>
      <p class="soft">
        You can disconnect at any time: every mail we send you has a link for it. If you did not expect this
        page, close it; nothing has been changed.
      </p>
    `,
  };
}

/** What the page after a consent shows. */
export interface ConnectedPageContent {
  readonly calendarEmail: string;
  /** IANA name. */
  readonly timeZone: string;
  /** The mailbox names no zone that can be read, so the default is used. */
  readonly timeZoneAssumed: boolean;
}

/** What the manager sees once the calendar is connected. */
export function connectedPage({ calendarEmail, timeZone, timeZoneAssumed }: ConnectedPageContent): Page {
  return {
    title: 'Your calendar is connected',
    content: html`
      <dl>
        <dt>Account</dt>
        <dd>${calendarEmail}</dd>
        <dt>Time zone</dt>
        <dd>${timeZone.replaceAll('_', ' ')}</dd>
      </dl>
      ${
        timeZoneAssumed
          ? html`<p class="note">
              Your mailbox does not say which time zone it is in, so this one is assumed. If it is not yours,
              tell whoever set up your calls before callers book.
            </p>`
          : null
      }
      <p>
        From now on callers are offered times when you are free, and the viewings they book appear in this
        calendar. Keep using it as you always do: whatever you enter as busy is not offered.
      </p>
      <p>You can close this page.</p>
    `,
  };
}
