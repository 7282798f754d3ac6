// No test may leave this machine: every connection to anything but loopback is refused before it starts.
import { Socket } from 'node:net';

// eslint-disable-next-line @typescript-eslint/unbound-method -- called below with its own socket
const connect = Socket.prototype.connect;
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host === '';
}

Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  const target =
    typeof first === 'object' && first !== null && !('path' in first && first.path)
      ? ((first as { host?: string }).host ?? '')
      : '';
  if (!isLoopback(target)) throw new Error(`A test tried to reach ${target}`);
  return Reflect.apply(connect, this, args) as Socket;
};
