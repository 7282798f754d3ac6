import { RENTAL_LINES } from '../speech/rental-lines.ts';
import { sayAddress, sayLocalDate } from '../speech/say-rental.ts';
import type { ToolContext } from '../tool-context.ts';

/** The home of the tool can be viewed from a later day. @param times free ones from then on, as they are read aloud */
export function sayNotYet({ home, language, lines }: ToolContext, times: string | null): string {
  if (home?.availableOn == null) return lines.tooSoon({ times });
  return RENTAL_LINES[language].notYet({
    home: sayAddress(home, language) || lines.theProperty(),
    date: sayLocalDate(home.availableOn, language),
    times,
  });
}
