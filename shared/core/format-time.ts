/**
 * A moment as mails write it: `Monday, November 30 at 9:00 AM CST`.
 * @param at epoch milliseconds
 * @param timeZone IANA name
 */
export function formatTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}
