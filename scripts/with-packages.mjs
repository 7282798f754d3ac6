// `npm start` and `npm test` begin here, on whatever Node the machine has: what is missing or outdated in node_modules is installed first,
// then the script runs under the Node that the project brings (the package "node").
//
// Plain JavaScript, and nothing but Node's own modules: on a fresh clone there is nothing else yet.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lock = join(root, '.installing');
const projectNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const OLDEST_NODE = 18;
const PROGRESS_MS = 10_000;
const LOOK_AGAIN_MS = 200;
/** Who installs touches the lock with each line of progress. */
const ABANDONED_MS = 2 * 60_000;

/** Whether node_modules holds what package-lock.json asks for, in the same versions. npm writes down what it has installed. */
function isInstalled() {
  const written = join(modules, '.package-lock.json');
  if (!existsSync(written) || !existsSync(projectNode)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(written, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || link) return true;
    const installed = found[path];
    // Of optional packages only those for this system are there.
    return installed === undefined ? optional === true : installed.version === version;
  });
}

/** Whether the project's Node is for this system: a copied or mounted node_modules may be for another. */
function runsHere() {
  try {
    return execFileSync(projectNode, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).startsWith('v');
  } catch {
    return false;
  }
}

/** Runs a program to its end. @returns its exit code */
function run(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, ...options });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    // At a terminal Ctrl-C reaches the child by itself.
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
    child.on('error', (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Who has the lock; 0 if nobody has written it yet, null if there is none. */
function readOwner() {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return null;
  }
}

/** Whether the owner of the lock was killed. In a new container, another process may have its number, or this one. */
function isAbandoned(owner) {
  if (owner === process.pid || (owner > 0 && !isRunning(owner))) return true;
  const { mtimeMs = Infinity } = statSync(lock, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs > ABANDONED_MS;
}

function endTurn() {
  process.off('exit', endTurn);
  rmSync(lock, { force: true });
}

/** Two commands that install at the same time would delete each other's files: the second one waits for the first. */
async function takeTurn() {
  for (let hasSaid = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      // Another command that saw the same abandoned lock may have deleted this one instead.
      await pause(LOOK_AGAIN_MS);
      if (readOwner() !== process.pid) continue;
      process.on('exit', endTurn);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = readOwner();
    if (owner === null) continue;
    if (isAbandoned(owner)) rmSync(lock, { force: true });
    else if (!hasSaid) {
      console.log(
        `Another command installs the packages. This one waits for it. (If there is none, delete ${lock}.)`,
      );
      hasSaid = true;
    }
    await pause(LOOK_AGAIN_MS);
  }
}

async function install() {
  const npm = process.env.npm_execpath;
  const args = [
    'ci',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    // The project brings its own Node: the machine's may be older.
    '--engine-strict=false',
  ];
  const [program, first] =
    npm === undefined || !/\.c?js$/.test(npm) ? ['npm', []] : [process.execPath, [npm]];
  console.log('Installing the packages that the project needs. This takes about a minute, once.');
  const startedAt = Date.now();
  const progress = setInterval(() => {
    // Somebody may have deleted it by hand.
    if (existsSync(lock)) utimesSync(lock, new Date(), new Date());
    console.log(`  still installing, ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }, PROGRESS_MS);
  const code = await run(program, [...first, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: program === 'npm' && process.platform === 'win32',
  });
  clearInterval(progress);
  if (code === 0 && isInstalled()) {
    console.log(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
    return;
  }
  if (code === 0 && !existsSync(projectNode)) {
    console.error(
      `npm ran no install scripts, and the package "node" needs its own: is \`ignore-scripts\` set (\`npm config get ignore-scripts\`)?
Run \`npm rebuild node --ignore-scripts=false\`, and then the same command again.`,
    );
    process.exit(1);
  }
  console.error(
    `The packages could not be installed (npm ci ended with ${code}; what npm said stands above).
They come from npm's registry: is this machine online, and does \`npm ping\` answer? Behind a proxy, \`npm config set proxy URL\`.
Then run the same command again.`,
  );
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  console.error(
    `This needs Node ${OLDEST_NODE} or newer to begin with, and this is ${process.version}: https://nodejs.org`,
  );
  process.exit(1);
}
if (!isInstalled()) {
  await takeTurn();
  if (!isInstalled()) await install();
  endTurn();
}
if (!runsHere()) {
  console.error(
    `The project's own Node (${projectNode}) does not run on this machine. Perhaps its packages were installed on another system.
Delete the folder node_modules, and then run the same command again. On a Linux without glibc (such as Alpine) that does not help: use one that has it.`,
  );
  process.exit(1);
}
process.exitCode = await run(projectNode, process.argv.slice(2), { stdio: 'inherit' });
