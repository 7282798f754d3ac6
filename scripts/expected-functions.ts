/** What the bundle must register, in the words of list-functions.ts: `function` asks for a key, `anonymous` does not. HEAD comes along where it is listed. */
export const EXPECTED_FUNCTIONS: readonly string[] = [
  'anonymous GET /calendar/auth/callback',
  'anonymous GET /calendar/connect/{}',
  'anonymous GET /calendar/disconnect/{}',
  'anonymous GET /docs',
  'anonymous GET /health',
  'anonymous GET /openapi.json',
  'anonymous POST /calendar/connect/{}',
  'anonymous POST /calendar/disconnect/{}',
  'anonymous POST /vapi/webhook',
  'function DELETE /managers/{}',
  'function GET /calendar/auth/start',
  'function GET /calendar/auth/status',
  'function GET /managers',
  'function GET /managers/{}',
  'function GET /managers/{}/messages',
  'function POST /calendar/auth/disconnect',
  'function POST /calendar/auth/invite',
  'function PUT /managers/{}',
  'timer keepAlive',
  'timer sweep',
];

/** What is missing and what is too much, in words; empty when the list is as it should be. */
export function compareFunctions(found: readonly string[]): string[] {
  const withoutHead = found.filter((line) => !line.includes(' HEAD '));
  return [
    ...EXPECTED_FUNCTIONS.filter((line) => !withoutHead.includes(line)).map((line) => `missing: ${line}`),
    ...withoutHead.filter((line) => !EXPECTED_FUNCTIONS.includes(line)).map((line) => `unexpected: ${line}`),
  ];
}
