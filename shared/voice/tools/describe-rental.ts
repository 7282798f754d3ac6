import { isFairHousingFlagged } from '../../properties/fair-housing.ts';
import { localDate } from '../../scheduling/zone.ts';
import { askWhich } from '../ask-home.ts';
import { rememberHomes } from '../remember-homes.ts';
import { toRentalDto } from '../rental-dto.ts';
import { resolveHome } from '../resolve-home.ts';
import { describeHome } from '../speech/describe-home.ts';
import { RENTAL_LINES } from '../speech/rental-lines.ts';
import type { CalledManager } from '../ports.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import type { ToolArguments } from './definitions.ts';

/** Tells what the listing says of a home, what it leaves out, and the policies of the manager. */
export async function describeRental(
  called: ToolContext,
  args: ToolArguments<'describe_rental'>,
): Promise<ToolResult> {
  const resolved = await resolveHome(called, args.property_address);
  switch (resolved.kind) {
    case 'result':
      return resolved.result;
    case 'unnamed':
      return askWhich(called, resolved.homes, args.property_address);
    case 'unlisted': {
      const response = RENTAL_LINES[called.language].propertyUnknown({ near: [] });
      return { response, action: 'property_unknown', rentals: [] };
    }
    case 'home': {
      const { home, ctx } = resolved;
      const zone = ctx.manager.timeZone ?? ctx.ports.defaultTimeZone;
      const policies = speakablePolicies(ctx.manager);
      await rememberHomes(called, [home], 0);
      return {
        response: describeHome(
          home,
          policies,
          localDate(ctx.now, zone),
          ctx.language,
          ctx.lines.theProperty(),
        ),
        action: 'rental_details',
        rental: toRentalDto(home, true),
        policies,
      };
    }
  }
}

/** The manager's written policies. The one on vouchers is theirs to state; no other may say whom they would rather not have. */
export function speakablePolicies({ policies }: CalledManager): { topic: string; text: string }[] {
  return Object.entries(policies)
    .filter(([topic, text]) => /voucher|section/i.test(topic) || !isFairHousingFlagged(text))
    .map(([topic, text]) => ({ topic, text }));
}
