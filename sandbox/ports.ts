// Ports that are the same from run to run, unless another program has them.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(null);
    });
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => {
        resolve(found);
      });
    });
  });
}

/** The wanted port, else the first free one in steps of ten, so that a neighbour's is not taken; 0: any free one. */
export async function findPort(wanted: number): Promise<number> {
  for (let port = wanted; port < 65_536; port += 10) {
    const found = await tryPort(port);
    if (found !== null) return found;
  }
  throw new Error(`There is no free port from ${wanted} on`);
}
