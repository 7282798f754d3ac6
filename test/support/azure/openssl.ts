// Stands in for openssl, which a bare machine may not have: `rand -base64 N` and `rand -hex N`.
import { randomBytes } from 'node:crypto';
import { print, refuse } from './state.ts';

const [command, encoding, count] = process.argv.slice(2);
if (command !== 'rand' || !/^-(base64|hex)$/.test(encoding ?? '') || !/^\d+$/.test(count ?? ''))
  refuse('openssl', process.argv.slice(2).join(' '));
print(randomBytes(Number(count)).toString(encoding === '-hex' ? 'hex' : 'base64'));
