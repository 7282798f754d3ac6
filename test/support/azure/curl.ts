// Stands in for curl: the options that the pages use, asked of the stand-in of the function app.
import { parseArgs } from 'node:util';
import { print, refuse } from './state.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true },
    data: { type: 'string', short: 'd' },
    output: { type: 'string', short: 'o' },
    silent: { type: 'boolean', short: 's' },
    'write-out': { type: 'string', short: 'w' },
  },
});
const response = await fetch(positionals[0] ?? '', {
  method: values.request ?? (values.data === undefined ? 'GET' : 'POST'),
  headers: Object.fromEntries(
    (values.header ?? []).map((line) => {
      const [name = '', value = ''] = line.split(/:\s*(.*)/s);
      return [name, value];
    }),
  ),
  body: values.data,
});
const body = await response.text();
if (values['write-out'] !== undefined)
  print(values['write-out'].replace('%{http_code}', String(response.status)));
else print(body);
if (response.status >= 400 && values['write-out'] === undefined)
  refuse('curl', `${positionals[0] ?? ''} answered ${response.status} ${body}`);
