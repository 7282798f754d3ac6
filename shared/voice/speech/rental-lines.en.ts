import type { RentalLines } from './rental-lines.ts';
import { joinWith } from './say-rental.ts';

const LEAVE_MESSAGE = 'Would you like to leave a message for the manager?';
const ORDINALS = ['First', 'Second', 'Third'];
const RELAXED = {
  move_in: 'Nothing is free by then. Later, I have',
  max_rent: 'Nothing fits that rent. For a little more, I have',
  bedrooms: 'Nothing has that many bedrooms. With one more or one less, I have',
};
const CRITERIA = {
  bedrooms: 'bedrooms',
  max_rent: 'rent',
  area: 'area',
  pets: 'pets',
  move_in: 'move-in date',
  feature: 'that feature',
};
const FACTS = {
  rent: 'the rent',
  bedrooms: 'how many bedrooms it has',
  available_on: 'when it is available',
  pets: 'whether pets are allowed',
};
const PETS = { yes: 'allowed', no: 'not allowed', ask: 'possible, but please ask first' };

/** The lines about homes in English. */
export const RENTALS_ENGLISH: RentalLines = {
  rentals: ({ homes, total, isMore, isContinued, relaxed }) => {
    const [only = ''] = homes;
    const opening = isContinued ? 'There' : relaxed === null ? 'I have' : RELAXED[relaxed];
    if (homes.length === 1 && !isMore && !isContinued)
      return `${opening} one: ${only}. Would you like to see it?`;
    const list = homes
      .map((home, at) => (homes.length === 1 ? home : `${ORDINALS[at] ?? ''}: ${home}`))
      .join('. ');
    const count = isContinued
      ? homes.length === 1
        ? `${opening} is also`
        : `${opening} are also`
      : `${opening} ${total}.`;
    const joint = isContinued && homes.length > 1 ? ' these.' : '';
    return `${count}${joint} ${list}. ${isMore ? 'Which one interests you, or shall I go on?' : 'Which one interests you?'}`;
  },
  unstated: ({ criteria }) =>
    `${joinWith(
      criteria.map((criterion) => CRITERIA[criterion]),
      'and',
    )} not stated`,
  noRentals: () => `I'm sorry, none of our listings fits that. ${LEAVE_MESSAGE}`,
  noMoreRentals: () => 'Those were all. Would you like to see one of them?',
  unreadableCriterion: ({ field }) =>
    ({
      bedrooms: 'How many bedrooms would you like?',
      max_rent: 'What is the most you would like to pay a month?',
      area: 'Which city, street or community would you like?',
      pets: 'Our listings only speak of dogs and cats. Which of them do you have?',
      feature: 'I can only search by what our listings say, such as a garage or a yard. What would you like?',
      move_in: 'When would you like to move in?',
    })[field],

  whichProperty: ({ homes, units, isMore }) => {
    if (units !== null) return `There are ${units}${isMore ? ', and more' : ''}. Which one do you mean?`;
    return homes.length === 1 && !isMore
      ? `Do you mean ${homes.join('')}?`
      : `Do you mean ${joinWith([...homes, ...(isMore ? ['another one'] : [])], 'or')}?`;
  },
  propertyUnknown: ({ near }) =>
    near.length === 0
      ? "I'm sorry, I don't find that address among our rentals. Which home do you mean?"
      : `I don't find that address among our rentals. Did you mean ${joinWith(near, 'or')}?`,
  propertyUnavailable: ({ home, isSoon, similar }) => {
    const why = isSoon ? 'is coming soon and cannot be viewed yet' : 'is no longer available';
    const instead = similar.length === 0 ? LEAVE_MESSAGE : `I also have ${joinWith(similar, 'and')}.`;
    return `I'm sorry, ${home} ${why}. ${instead}`;
  },
  noSuchRental: ({ count }) =>
    count === 0
      ? "I haven't named any homes on this call yet. Which one do you mean?"
      : count === 1
        ? 'I only named one home. Do you mean that one?'
        : `I named ${count} homes. Which one do you mean?`,
  notYet: ({ home, date, times }) =>
    `${home.charAt(0).toUpperCase()}${home.slice(1)} can be viewed from ${date}. ${times === null ? LEAVE_MESSAGE : `I could offer ${times}.`}`,

  summary: ({ home, city, rooms, kind }) => {
    const what = kind ?? 'home';
    const has = rooms.length === 0 ? '' : ` with ${joinWith(rooms, 'and')}`;
    const subject = `${home.charAt(0).toUpperCase()}${home.slice(1)}`;
    return `${subject} is ${/^[aeiou]/i.test(what) ? 'an' : 'a'} ${what}${has}${city === null ? '' : ` in ${city}`}.`;
  },
  cost: ({ rent, deposit }) =>
    `It rents for ${rent}${deposit === null ? '' : `, with a deposit of ${deposit}`}.`,
  size: ({ squareFeet }) => `It has ${squareFeet} square feet.`,
  available: ({ date }) => (date === null ? 'It is available now.' : `It is available from ${date}.`),
  rented: () => 'It is no longer available.',
  pets: ({ dogs, cats }) => {
    if (dogs !== null && dogs === cats) return `Dogs and cats are ${PETS[dogs]}.`;
    const parts = [
      ...(dogs === null ? [] : [`dogs are ${PETS[dogs]}`]),
      ...(cats === null ? [] : [`cats are ${PETS[cats]}`]),
    ].join('; ');
    return `${parts.charAt(0).toUpperCase()}${parts.slice(1)}.`;
  },
  features: ({ features }) => `It is listed with ${joinWith(features, 'and')}.`,
  policy: ({ topic, text }) => `About ${topic}: ${text}.`,
  missing: ({ facts }) =>
    `The listing does not say ${joinWith(
      facts.map((fact) => FACTS[fact]),
      'or',
    )}. Shall I take a message for the manager?`,
};
