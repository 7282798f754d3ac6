// VAPI_HMAC_SECRET=... npm run smoke -- https://HOST: is the deployed app well, and does it answer a signed call?
import { checkDeployment } from './check-deployment.ts';

const [url] = process.argv.slice(2);
const hmacSecret = process.env['VAPI_HMAC_SECRET'];
if (!url || !hmacSecret) {
  console.error('VAPI_HMAC_SECRET=... npm run smoke -- https://HOST');
  process.exit(2);
}
try {
  await checkDeployment({ origin: new URL(url).origin, hmacSecret, now: Date.now() });
  console.log('/health is well; an unsigned call was refused, a signed one answered.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
