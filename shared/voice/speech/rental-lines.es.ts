import type { RentalLines } from './rental-lines.ts';
import { joinWith } from './say-rental.ts';

const LEAVE_MESSAGE = '¿Quiere dejar un mensaje para el administrador?';
const ORDINALS = ['Primera', 'Segunda', 'Tercera'];
const RELAXED = {
  move_in: 'Nada está libre para entonces. Más tarde, tengo',
  max_rent: 'Nada tiene esa renta. Por un poco más, tengo',
  bedrooms: 'Nada tiene ese número de recámaras. Con una más o una menos, tengo',
};
const CRITERIA = {
  bedrooms: 'recámaras',
  max_rent: 'renta',
  area: 'zona',
  pets: 'mascotas',
  move_in: 'fecha de mudanza',
  feature: 'esa característica',
};
const FACTS = {
  rent: 'cuánto es la renta',
  bedrooms: 'cuántas recámaras tiene',
  available_on: 'desde cuándo está disponible',
  pets: 'si se admiten mascotas',
};
const PETS = { yes: 'se admiten', no: 'no se admiten', ask: 'hay que consultarlos antes' };

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The lines about homes in the Spanish of the United States, with "usted". */
export const RENTALS_SPANISH: RentalLines = {
  rentals: ({ homes, total, isMore, isContinued, relaxed }) => {
    const opening = relaxed === null ? 'Tengo' : RELAXED[relaxed];
    if (homes.length === 1 && !isMore && !isContinued)
      return `${opening} una: ${homes.join('')}. ¿Le gustaría verla?`;
    const list = homes
      .map((home, at) => (homes.length === 1 ? home : `${ORDINALS[at] ?? ''}: ${home}`))
      .join('. ');
    const count = isContinued
      ? homes.length === 1
        ? 'También hay una:'
        : 'También hay estas.'
      : `${opening} ${total}.`;
    return `${count} ${list}. ${isMore ? '¿Cuál le interesa, o sigo?' : '¿Cuál le interesa?'}`;
  },
  unstated: ({ criteria }) =>
    `no indica ${joinWith(
      criteria.map((criterion) => CRITERIA[criterion]),
      'ni',
    )}`,
  noRentals: () => `Lo siento, ninguno de nuestros anuncios coincide con eso. ${LEAVE_MESSAGE}`,
  noMoreRentals: () => 'Esas eran todas. ¿Le gustaría ver alguna?',
  unreadableCriterion: ({ field }) =>
    ({
      bedrooms: '¿Cuántas recámaras quiere?',
      max_rent: '¿Cuánto quiere pagar al mes como máximo?',
      area: '¿Qué ciudad, calle o comunidad le gustaría?',
      pets: 'Nuestros anuncios solo hablan de perros y gatos. ¿Cuál tiene usted?',
      feature:
        'Solo puedo buscar por lo que dicen los anuncios, como un garaje o un jardín. ¿Qué le gustaría?',
      move_in: '¿Cuándo quiere mudarse?',
    })[field],

  whichProperty: ({ homes, units, isMore }) => {
    if (units !== null) return `Están ${units}${isMore ? ', y más' : ''}. ¿Cuál quiere decir?`;
    return `¿Quiere decir ${isMore ? `${homes.join(', ')} u otra` : joinWith(homes, 'o')}?`;
  },
  propertyUnknown: ({ near }) =>
    near.length === 0
      ? 'Lo siento, no encuentro esa dirección entre nuestras propiedades. ¿Cuál quiere decir?'
      : `No encuentro esa dirección entre nuestras propiedades. ¿Quiso decir ${joinWith(near, 'o')}?`,
  propertyUnavailable: ({ home, isSoon, similar }) => {
    const why = isSoon ? 'estará disponible pronto y aún no se puede visitar' : 'ya no está disponible';
    const instead = similar.length === 0 ? LEAVE_MESSAGE : `También tengo ${joinWith(similar, 'y')}.`;
    return `Lo siento, ${home} ${why}. ${instead}`;
  },
  noSuchRental: ({ count }) =>
    count === 0
      ? 'Todavía no le he nombrado ninguna propiedad en esta llamada. ¿Cuál quiere decir?'
      : count === 1
        ? 'Solo le he nombrado una propiedad. ¿Es esa?'
        : `Le he nombrado ${count} propiedades. ¿Cuál quiere decir?`,
  notYet: ({ home, date, times }) =>
    `${capital(home)} se puede visitar desde ${date}. ${times === null ? LEAVE_MESSAGE : `Puedo ofrecerle ${times}.`}`,

  summary: ({ home, city, rooms, kind }) => {
    const has = rooms.length === 0 ? '' : `, con ${joinWith(rooms, 'y')}`;
    return `${capital(home)} es una propiedad${kind === null ? '' : ` de tipo ${kind}`}${city === null ? '' : ` en ${city}`}${has}.`;
  },
  cost: ({ rent, deposit }) =>
    `La renta es de ${rent}${deposit === null ? '' : `, con un depósito de ${deposit}`}.`,
  size: ({ squareFeet }) => `Tiene ${squareFeet} pies cuadrados.`,
  available: ({ date }) => (date === null ? 'Está disponible ya.' : `Está disponible desde ${date}.`),
  rented: () => 'Ya no está disponible.',
  pets: ({ dogs, cats }) => {
    if (dogs !== null && dogs === cats) return `Perros y gatos ${PETS[dogs]}.`;
    return `${capital(
      [
        ...(dogs === null ? [] : [`perros ${PETS[dogs]}`]),
        ...(cats === null ? [] : [`gatos ${PETS[cats]}`]),
      ].join('; '),
    )}.`;
  },
  features: ({ features }) => `El anuncio menciona ${joinWith(features, 'y')}.`,
  policy: ({ topic, text }) => `Sobre ${topic}: ${text}.`,
  missing: ({ facts }) =>
    `El anuncio no dice ${joinWith(
      facts.map((fact) => FACTS[fact]),
      'ni',
    )}. ¿Tomo un mensaje para el administrador?`,
};
