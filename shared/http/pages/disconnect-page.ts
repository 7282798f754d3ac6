import { html } from '../../core/html.ts';
import type { Html } from '../../core/html.ts';
import { button } from './layout.ts';
import type { Page } from './layout.ts';

const removal: Html = html`
  <h2>Remove the permission at Microsoft, too</h2>
  <p>
    Our copy of the permission is erased. Microsoft still lists the app until you remove it there: for a work
    account at
    <a href="https://myapps.microsoft.com">myapps.microsoft.com</a> (open the menu of PeteRental Calendar,
    then <em>Manage your application</em>), for a personal account at
    <a href="https://account.live.com/consent/Manage">account.live.com/consent/Manage</a>.
  </p>
`;

/** @param calendarEmail null if nothing is connected any more. */
export function disconnectPage(calendarEmail: string | null, formToken: string): Page {
  return calendarEmail === null
    ? {
        title: 'Your calendar is not connected',
        content: html`
          <p>There is nothing left to disconnect.</p>
          ${removal}
        `,
      }
    : {
        title: 'Disconnect your calendar?',
        content: html`
          <dl>
            <dt>Account</dt>
            <dd>${calendarEmail}</dd>
          </dl>
          <p>
            Callers will no longer be offered times, and nothing more will be booked. Viewings that are booked
            already stay in your calendar.
          </p>
          ${button('Disconnect', formToken, 'danger')}
          <p class="soft">If you want to keep it connected, close this page; nothing has been changed.</p>
        `,
      };
}

/** The page after a disconnect. */
export function disconnectedPage(): Page {
  return {
    title: 'Your calendar is disconnected',
    content: html`
      <p>Nothing more will be booked. Viewings that are booked already stay in your calendar.</p>
      ${removal}
      <p>To connect again, ask whoever set up your calls for a new invitation.</p>
    `,
  };
}
