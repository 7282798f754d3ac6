import type { Lines } from './lines.ts';

const leaveMessage = '¿Quiere dejar un mensaje?';
function instead(times: string | null): string {
  return times === null ? leaveMessage : `Tengo ${times}.`;
}
function inNext(days: number): string {
  return days === 1 ? 'hoy' : `en los próximos ${days} días`;
}
function passed(hasNumber: boolean): string {
  return hasNumber ? 'su mensaje y su número' : 'su mensaje';
}

const INVITATION = {
  sent: ' Le llegará una invitación por correo electrónico.',
  none: '',
  unreadable_email:
    ' No he entendido el correo electrónico, así que no le llegará ninguna invitación. ¿Me lo deletrea otra vez?',
} as const;

/** The lines in the Spanish of the United States, with "usted". */
export const SPANISH: Lines = {
  offer: ({ property, times, count }) =>
    `${property === null ? 'Tengo' : `Para ${property}, tengo`} ${times}. ${count === 1 ? '¿Le conviene?' : '¿Cuál le conviene más?'}`,
  offerNearest: ({ days, times, count }) =>
    `${days === null ? 'Para entonces no tengo nada libre.' : `No tengo nada libre ${inNext(days)}.`} Lo más cercano es ${times}. ${
      count === 1 ? '¿Le conviene?' : '¿Le conviene alguna?'
    }`,
  provisional: ({ line }) => `Por lo que veo, ${line.charAt(0).toLowerCase()}${line.slice(1)}`,
  nothingFree: ({ days }) => `Lo siento, no hay nada libre ${inNext(days)}. ${leaveMessage}`,

  theProperty: () => 'la propiedad',
  booked: ({ property, when, invitation }) =>
    `Su visita a ${property} queda reservada para ${when}.${INVITATION[invitation]}`,
  rescheduled: ({ property, from, to, invited }) =>
    `Su visita a ${property} ha cambiado: antes era ${from} y ahora es ${to}.${invited ? ' Le llegará la invitación actualizada por correo electrónico.' : ''}`,
  cancelled: ({ property, when }) => `Su visita a ${property}, ${when}, queda cancelada.`,

  busy: ({ times }) => `Lo siento, esa hora no está libre. ${instead(times)}`,
  dayFull: ({ times }) => `Lo siento, ese día está completo. ${instead(times)}`,
  past: ({ times }) => `Esa hora ya ha pasado. ${instead(times)}`,
  tooSoon: ({ times }) => `Lo siento, es demasiado pronto para organizar una visita. ${instead(times)}`,
  tooFarAhead: ({ days, times }) =>
    `Lo siento, falta demasiado tiempo: puedo reservar con ${days} ${days === 1 ? 'día' : 'días'} de antelación como máximo. ${instead(times)}`,
  outsideHours: ({ times }) => `Lo siento, esa hora está fuera del horario de visitas. ${instead(times)}`,
  offGrid: ({ times }) => `Lo siento, ninguna visita empieza a esa hora. ${instead(times)}`,
  alreadyBooked: ({ property, when, times }) => `Ya le he reservado ${property} ${when}. ${instead(times)}`,
  callerLimit: ({ limit }) =>
    limit === 1
      ? 'Ya tiene una visita reservada y no puedo reservarle más. ¿Quiere cambiarla o cancelarla?'
      : `Ya tiene ${limit} visitas reservadas y no puedo reservarle más. ¿Quiere cambiar o cancelar alguna?`,

  askProperty: () => '¿Qué propiedad quiere visitar?',
  askTime: () => '¿Qué día y a qué hora le gustaría?',
  askNewTime: () => '¿A qué día y hora quiere cambiarla?',
  askDay: () => '¿Qué día quiere decir?',
  askHour: ({ day }) => `¿A qué hora le gustaría ${day}?`,
  askWhichTime: ({ times }) => `¿Quiere decir ${times}?`,
  unreadableTime: () =>
    'Lo siento, no he entendido la hora. Dígame el día y la hora, como el martes a las 2 de la tarde.',
  unreadableDate: () =>
    'Lo siento, no he entendido el día. Dígamelo otra vez, como el próximo martes o el 1 de diciembre.',
  noSuchOption: ({ count }) =>
    count === 1
      ? 'Solo le he ofrecido una hora. ¿Le conviene?'
      : `Le he ofrecido ${count} horas. ¿Cuál prefiere?`,
  nothingOffered: () => 'Todavía no le he ofrecido ninguna hora en esta llamada. ¿Qué día le conviene?',

  appointments: ({ viewings, count, more }) =>
    `Tiene ${count === 1 ? 'una visita' : `${count} visitas`}: ${viewings.join('; ')}${more ? '; y más' : ''}.`,
  viewing: ({ property, when }) => (property === '' ? when : `${property}, ${when}`),
  whichAppointment: ({ viewings, more }) =>
    viewings.length === 1 && !more
      ? `Solo veo una visita: ${viewings[0] ?? ''}. ¿Se refiere a esa?`
      : `¿Qué visita quiere decir: ${viewings.slice(0, -1).join('; ')}${viewings.length > 1 ? '; o ' : ''}${viewings.at(-1) ?? ''}${more ? '; u otra' : ''}?`,
  noAppointments: () => 'No veo ninguna visita suya próximamente.',
  tooManyMisses: () => `Lo siento, no encuentro ninguna visita con ese nombre y esa hora. ${leaveMessage}`,
  needNameAndTime: () => 'Dígame a qué nombre está la visita y qué día y a qué hora es.',

  notConnected: () =>
    `El calendario del administrador aún no está conectado y no puedo ver las horas libres. ${leaveMessage}`,
  reconnectRequired: () =>
    `Hay que volver a conectar el calendario del administrador antes de ver las horas libres. ${leaveMessage}`,
  disconnected: () =>
    `El calendario del administrador se ha desconectado y no puedo ver las horas libres. ${leaveMessage}`,
  nobodyConnected: () => 'Aquí aún no hay ningún calendario conectado y no puedo organizar visitas.',
  linkSent: () => 'He enviado al administrador un correo con un enlace para conectar el calendario.',
  linkSentBefore: () => 'Ya se envió un enlace al administrador hace menos de una hora y no he enviado otro.',
  linkNotNeeded: () => 'El calendario del administrador ya está conectado y no hace falta ningún enlace.',
  linkNoAddress: () => 'Lo siento, no tengo ningún correo del administrador al que enviar el enlace.',
  linkFailed: () => 'Lo siento, no he podido enviar el enlace.',

  askMessage: () => '¿Qué mensaje quiere dejar?',
  messageSent: ({ message, hasNumber }) => `He enviado al administrador ${passed(hasNumber)}: ${message}.`,
  messageKept: ({ message, hasNumber }) =>
    `He guardado ${passed(hasNumber)} para el administrador: ${message}.`,
  messageFailed: () => 'Lo siento, no he podido tomar el mensaje. Inténtelo de nuevo en un momento.',

  notUnderstood: () => 'Lo siento, no le he entendido. ¿Puede repetirlo?',
  cannotDo: () =>
    'Lo siento, eso no puedo hacerlo. Puedo buscar, reservar, cambiar o cancelar una visita, o tomar un mensaje para el administrador.',
  calendarUnreachable: () => `Lo siento, ahora mismo no puedo consultar el calendario. ${leaveMessage}`,
  tooSlow: () =>
    'Lo siento, el calendario tarda demasiado en responder. Puedo intentarlo otra vez o tomar un mensaje.',
  outcomeUnknown: () => 'No estoy seguro de que se haya hecho. Déjeme comprobarlo.',
  outOfOrder: () => 'Lo siento, algo no funciona de nuestro lado. Inténtelo de nuevo en un momento.',
  managerUnknown: () => 'Lo siento, no sé a qué administrador está llamando.',
  notSetUp: () =>
    'Lo siento, esta línea aún no está lista para atender llamadas. Llame más tarde, por favor.',
  noTransfer: () => 'Lo siento, no puedo transferir esta llamada.',
};
