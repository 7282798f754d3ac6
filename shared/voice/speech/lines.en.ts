import type { Lines } from './lines.ts';

const leaveMessage = 'Would you like to leave a message?';
function instead(times: string | null): string {
  return times === null ? leaveMessage : `I have ${times}.`;
}
function inNext(days: number): string {
  return days === 1 ? 'today' : `in the next ${days} days`;
}
const INVITATION = {
  sent: ' An invitation is on its way to your email.',
  none: '',
  unreadable_email:
    " I couldn't read the email address, so no invitation went out. Could you spell it again?",
} as const;
function passed(hasNumber: boolean): string {
  return hasNumber ? 'your message and your number' : 'your message';
}

/** The lines in English. */
export const ENGLISH: Lines = {
  offer: ({ property, times, count }) =>
    `${property === null ? 'I have' : `For ${property}, I have`} ${times}. ${count === 1 ? 'Would that work?' : 'Which works best?'}`,
  offerNearest: ({ days, times, count }) =>
    `${days === null ? 'I have nothing then.' : `I have nothing ${inNext(days)}.`} ${
      count === 1
        ? `The nearest time is ${times}. Would that work?`
        : `The nearest times are ${times}. Would one of those work?`
    }`,
  provisional: ({ line }) =>
    `As far as I can see, ${line.startsWith('I ') ? line : line.charAt(0).toLowerCase() + line.slice(1)}`,
  nothingFree: ({ days }) => `I'm sorry, nothing is free ${inNext(days)}. ${leaveMessage}`,

  theProperty: () => 'the property',
  booked: ({ property, when, invitation }) =>
    `Your viewing of ${property} is booked for ${when}.${INVITATION[invitation]}`,
  rescheduled: ({ property, from, to, invited }) =>
    `Your viewing of ${property} has moved from ${from} to ${to}.${invited ? ' An updated invitation is on its way to your email.' : ''}`,
  cancelled: ({ property, when }) => `Your viewing of ${property}, ${when}, is cancelled.`,

  busy: ({ times }) => `I'm sorry, that time is not free. ${instead(times)}`,
  dayFull: ({ times }) => `I'm sorry, that day is full. ${instead(times)}`,
  past: ({ times }) => `That time has already passed. ${instead(times)}`,
  tooSoon: ({ times }) => `I'm sorry, that is too soon to arrange a viewing. ${instead(times)}`,
  tooFarAhead: ({ days, times }) =>
    `I'm sorry, that is too far ahead: I can book up to ${days} ${days === 1 ? 'day' : 'days'} ahead. ${instead(times)}`,
  outsideHours: ({ times }) => `I'm sorry, that is outside viewing hours. ${instead(times)}`,
  offGrid: ({ times }) => `I'm sorry, no viewing starts at that time. ${instead(times)}`,
  alreadyBooked: ({ property, when, times }) =>
    `I've already booked ${property} for you ${when}. ${instead(times)}`,
  callerLimit: ({ limit }) =>
    limit === 1
      ? 'You already have a viewing booked, and one is the most I can book for you. Would you like to move or cancel it?'
      : `You already have ${limit} viewings booked, which is the most I can book for you. Would you like to move or cancel one?`,

  askProperty: () => 'Which property would you like to see?',
  askTime: () => 'What day and time would you like?',
  askNewTime: () => 'What day and time should I move it to?',
  askDay: () => 'Which day do you mean?',
  askHour: ({ day }) => `What time would you like ${day}?`,
  askWhichTime: ({ times }) => `Do you mean ${times}?`,
  unreadableTime: () =>
    "I'm sorry, I didn't catch the time. Please say the day and the time, like Tuesday at 2 PM.",
  unreadableDate: () =>
    "I'm sorry, I didn't catch the day. Please say it again, like next Tuesday or December 1.",
  noSuchOption: ({ count }) =>
    count === 1
      ? 'I only offered one time. Would that work?'
      : `I offered ${count} times. Which one would you like?`,
  nothingOffered: () => "I haven't offered any times on this call yet. What day would suit you?",

  appointments: ({ viewings, count, more }) =>
    `You have ${count === 1 ? 'one viewing' : `${count} viewings`}: ${viewings.join('; ')}${more ? '; and more' : ''}.`,
  viewing: ({ property, when }) => (property === '' ? when : `${property}, ${when}`),
  whichAppointment: ({ viewings, more }) =>
    viewings.length === 1 && !more
      ? `I see only one viewing: ${viewings[0] ?? ''}. Do you mean that one?`
      : `Which viewing do you mean: ${viewings.slice(0, -1).join('; ')}${viewings.length > 1 ? '; or ' : ''}${viewings.at(-1) ?? ''}${more ? '; or another' : ''}?`,
  noAppointments: () => "I don't see any upcoming viewing of yours.",
  tooManyMisses: () => `I'm sorry, I can't find a viewing by that name and time. ${leaveMessage}`,
  needNameAndTime: () => 'Please tell me the name the viewing is booked under, and its day and time.',

  notConnected: () =>
    `The manager's calendar isn't connected yet, so I can't see free times. ${leaveMessage}`,
  reconnectRequired: () =>
    `The manager's calendar has to be connected again before I can see free times. ${leaveMessage}`,
  disconnected: () =>
    `The manager's calendar has been disconnected, so I can't see free times. ${leaveMessage}`,
  nobodyConnected: () => "No calendar is connected here yet, so I can't arrange viewings.",
  linkSent: () => 'I have emailed the manager a link to connect the calendar.',
  linkSentBefore: () => 'The manager was sent a link within the last hour, so I have not sent another.',
  linkNotNeeded: () => "The manager's calendar is already connected, so no link is needed.",
  linkNoAddress: () => "I'm sorry, I have no email address for the manager to send a link to.",
  linkFailed: () => "I'm sorry, I couldn't send the link.",

  askMessage: () => 'What message should I pass on?',
  messageSent: ({ message, hasNumber }) => `I have sent the manager ${passed(hasNumber)}: ${message}.`,
  messageKept: ({ message, hasNumber }) => `I have kept ${passed(hasNumber)} for the manager: ${message}.`,
  messageFailed: () => "I'm sorry, I couldn't take the message. Please try again in a moment.",

  notUnderstood: () => "I'm sorry, I didn't get that. Could you say it again?",
  cannotDo: () =>
    "I'm sorry, I can't do that. I can find, book, move or cancel a viewing, or take a message for the manager.",
  calendarUnreachable: () => `I'm sorry, I can't reach the calendar right now. ${leaveMessage}`,
  tooSlow: () => `I'm sorry, the calendar is taking too long to answer. I can try again, or take a message.`,
  outcomeUnknown: () => "I'm not sure that went through. Let me check.",
  outOfOrder: () => "I'm sorry, something isn't working on our side. Please try again in a moment.",
  managerUnknown: () => "I'm sorry, I can't tell which manager you are calling.",
  notSetUp: () => "I'm sorry, this line is not set up to take calls yet. Please call back later.",
  noTransfer: () => "I'm sorry, I can't transfer this call.",
};
