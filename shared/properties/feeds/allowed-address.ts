// Hazard: a feed's URL comes from a person, and a server that reads any URL can be made to read what is behind its own
// firewall: metadata services, other tenants, itself. Only public addresses are read.
// @see https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
import ipaddr from 'ipaddr.js';
import { AppError } from '../../core/errors.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const MAX_URL_LENGTH = 2_000;

/** Whether an origin is this machine. */
export function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK_NAMES.includes(new URL(origin).hostname);
}

/** Which addresses may be read. */
export interface AddressRules {
  /** The app itself is on localhost: feeds may be, too, and without TLS. */
  readonly allowLoopback: boolean;
}

/** @throws `invalid_request`, in words, if the URL itself shows that it must not be read */
export function assertUrlAllowed(text: string, { allowLoopback }: AddressRules): URL {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) throw refused('is no web address');
  const url = new URL(text);
  const host = url.hostname;
  const isLoopback = LOOPBACK_NAMES.includes(host);
  if (url.username !== '' || url.password !== '') throw refused('must not hold a name or a password');
  if (isLoopback && !allowLoopback) throw refused('leads to this machine');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback && allowLoopback)) {
    throw refused('must be https');
  }
  const literal = host.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(literal) && !isAllowedAddress(literal, { allowLoopback: isLoopback && allowLoopback })) {
    throw refused('leads to a private or reserved address');
  }
  if (!ipaddr.isValid(literal) && !isLoopback && !isPublicName(host)) {
    throw refused('must name a public host');
  }
  return url;
}

/** Whether a resolved address may be connected to. */
export function isAllowedAddress(address: string, { allowLoopback }: AddressRules): boolean {
  if (!ipaddr.isValid(address)) return false;
  // IPv4 inside IPv6 counts as what it is.
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'loopback') return allowLoopback;
  return range === 'unicast' && !isTranslated(parsed);
}

/** NAT64 carries any IPv4 address, private ones included. */
function isTranslated(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === 'ipv6' && address.match(ipaddr.parseCIDR('64:ff9b::/32'));
}

function isPublicName(host: string): boolean {
  return (
    /\.[a-z][a-z0-9-]*\.?$/i.test(host) &&
    !/\.(local|localhost|internal|intranet|lan|home|corp|test|invalid|arpa)\.?$/i.test(host)
  );
}

function refused(message: string): AppError {
  return new AppError('invalid_request', `url: ${message}`, { details: [{ field: 'url', message }] });
}
