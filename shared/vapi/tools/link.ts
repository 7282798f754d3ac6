import type { Answer } from '../answers.ts';
import { invalid } from '../conversation.ts';
import type { Conversation } from '../conversation.ts';

export async function sendAuthorizationLink({
  lines,
  ports,
  manager,
  signal,
}: Conversation): Promise<Answer> {
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
