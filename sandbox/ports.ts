// Ports that are the same from run to run, unless another program has them.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

const tried = new Set<number>();

/**
 * The wanted port, else the first free one in steps of ten, so that a neighbour's is not taken. No port is tried twice.
 * @param wanted 0: any free one. It is below those that systems give to connections, because one of these may be taken before it is used.
 */
export async function findPort(wanted: number): Promise<number> {
  const first = wanted === 0 ? randomInt(20_000, 30_000) : wanted;
  for (let port = first; port < 65_536; port += 10) {
    if (tried.has(port)) continue;
    tried.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`There is no free port from ${wanted} on`);
}
