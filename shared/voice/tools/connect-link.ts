import type { ToolResult } from '../tool-result.ts';
import { invalid, withManagerOfHome } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';

/** Mails the manager a link to connect their calendar; once an hour at most. */
export async function sendAuthorizationLink(called: ToolContext): Promise<ToolResult> {
  const { lines, ports, manager, signal } = await withManagerOfHome(called);
  const outcome = await ports.sendLink(manager.userId, signal);
  switch (outcome) {
    case 'sent':
      return { response: lines.linkSent(), action: 'link_sent' };
    case 'sent_before':
      return invalid('sent_before', lines.linkSentBefore());
    case 'connected':
      return invalid('connected', lines.linkNotNeeded());
    case 'no_address':
      return invalid('no_address', lines.linkNoAddress());
  }
}
