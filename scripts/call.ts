// `npm run call`: plays a caller and a voice agent against a running app, and prints what each side says.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { ToolResult } from '../shared/voice/tool-result.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:7071/vapi/webhook' },
    /** Of the caller. */
    number: { type: 'string', default: '+13125550199' },
    /** The number dialled, and the assistant: how the app tells whose calendar it is. */
    dialled: { type: 'string' },
    assistant: { type: 'string' },
    /** For an app that trusts the model with it, as the sandbox does. */
    'user-id': { type: 'string' },
    /** A caller who knows the address. Default: one who looks for a home, if homes are listed. */
    property: { type: 'string' },
    /** The webhook's secret, if it asks for one. */
    secret: { type: 'string', default: process.env['VAPI_WEBHOOK_SECRET']?.split(',')[0] },
  },
});

const call = {
  id: `call-${randomUUID()}`,
  type: 'inboundPhoneCall',
  customer: { number: values.number },
  ...(values.assistant !== undefined && { assistantId: values.assistant }),
};

async function useTool(name: string, args: Record<string, unknown>): Promise<ToolResult> {
  const body = {
    message: {
      type: 'tool-calls',
      call,
      ...(values.dialled !== undefined && { phoneNumber: { number: values.dialled } }),
      toolCallList: [
        {
          id: `tool-${randomUUID()}`,
          type: 'function',
          function: { name, arguments: { ...args, user_id: values['user-id'] } },
        },
      ],
    },
  };
  const startedAt = performance.now();
  const response = await fetch(values.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(values.secret !== undefined && { 'x-vapi-secret': values.secret }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${values.url} answered ${response.status}: ${await response.text()}`);
  const { results } = (await response.json()) as { results: { result: string }[] };
  const answer = JSON.parse(results[0]?.result ?? '{}') as ToolResult;
  const ms = Math.round(performance.now() - startedAt);
  console.log(`  tool    ${name} ${JSON.stringify(args)} -> ${answer.action} in ${ms} ms`);
  console.log(`  agent   ${answer.response}`);
  return answer;
}

/** One turn: what the caller says, and what the agent makes of it. */
function turn(caller: string, name: string, args: Record<string, unknown>): Promise<ToolResult> {
  console.log(`  caller  ${caller}`);
  return useTool(name, args);
}

/** Two bedrooms with a dog; the second one; a number that is misheard; a viewing. False if no homes are listed. */
async function rentAHome(): Promise<boolean> {
  const found = await turn('What do you have with two bedrooms? I have a dog.', 'find_rentals', {
    bedrooms: '2',
    pets: 'dog',
  });
  if (found.action !== 'present_rentals') return false;
  const spoken = found.rentals.filter(({ spoken }) => spoken);
  const second = spoken[1] ?? spoken[0];
  if (second === undefined) return false;
  const told = await turn(
    spoken.length > 1 ? 'Tell me about the second one.' : 'Tell me about it.',
    'describe_rental',
    { property_address: spoken.length > 1 ? 'the second one' : second.property_id },
  );
  if (told.action !== 'rental_details') return false;
  const { address, unit } = told.rental;
  // The line is bad: one digit of the house number is another.
  const misheard = address.replace(
    /^(\d+)(\d)/,
    (_all, head: string, last: string) => `${head}${(Number(last) + 1) % 10}`,
  );
  const said = `${misheard}${unit === null ? '' : ` unit ${unit}`}`;
  const asked = await turn(`When can I see ${said}?`, 'get_availability', { property_address: said });
  if (asked.action === 'property_unknown' && asked.rentals.length > 0) {
    const right = `${address}${unit === null ? '' : ` unit ${unit}`}`;
    await turn(`I mean ${right}.`, 'get_availability', { property_address: right });
  }
  const booked = await turn('The first one, please. My name is Ann Example.', 'set_appointment', {
    start_time: 'the first one',
    attendee_name: 'Ann Example',
  });
  if (booked.action === 'booked') {
    await turn('Sorry, something came up. Please cancel it.', 'cancel_appointment', {
      appointment: `the one at ${address}`,
      reason: 'Something came up',
    });
  }
  return true;
}

/** A caller who knows the address. */
async function viewAddress(property_address: string): Promise<void> {
  const first = await turn(`Hi, I'd like to see ${property_address}.`, 'get_availability', {
    property_address,
  });
  if (first.action !== 'present_slots') {
    await turn('Then please take a message: I would like to see it soon.', 'take_message', {
      message: 'I would like to see it soon.',
      name: 'Ann Example',
    });
  } else {
    await turn('Do you have something tomorrow afternoon?', 'get_availability', {
      property_address,
      preferred_date: 'tomorrow afternoon',
    });
    const booked = await turn('The first one, please. My name is Ann Example.', 'set_appointment', {
      property_address,
      start_time: 'the first one',
      attendee_name: 'Ann Example',
    });
    if (booked.action === 'booked') {
      await turn('Which viewings do I have?', 'find_appointments', {});
      const slots = await turn('I have to move it. What about the day after?', 'get_availability', {
        property_address,
        preferred_date: 'the day after tomorrow',
      });
      if (slots.action === 'present_slots') {
        await turn('The last one is good.', 'reschedule_appointment', {
          appointment: booked.appointment.appointment_id,
          new_start_time: 'the last one',
        });
      }
      await turn('Sorry, something came up. Please cancel it.', 'cancel_appointment', {
        appointment: booked.appointment.appointment_id,
        reason: 'Something came up',
      });
    }
    await turn('Please ask the manager whether a small dog is allowed.', 'take_message', {
      message: 'Is a small dog allowed?',
      name: 'Ann Example',
    });
  }
}

if (values.property !== undefined) await viewAddress(values.property);
else if (!(await rentAHome())) await viewAddress('12 Main Street');
