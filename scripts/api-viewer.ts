// The page at GET /docs: Redoc in one HTML file that needs nothing but /openapi.json, packed for the bundle.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { cspHashOf } from '../shared/core/hash.ts';

export interface PackedViewer {
  /** HTML, by Brotli, in base64. */
  readonly page: string;
  readonly contentSecurityPolicy: string;
}

const START = `Redoc.init('/openapi.json', {
  // The search would need a worker.
  disableSearch: true,
  hideDownloadButton: true,
  hideFab: true,
  theme: {
    colors: { primary: { main: '#12664a' } },
    typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' }, code: { fontFamily: 'ui-monospace, monospace' } },
  },
}, document.getElementById('viewer'));`;

/**
 * Run it in the project's folder.
 * @param quality of Brotli; the best takes a second.
 */
export function packViewer(quality = constants.BROTLI_MAX_QUALITY): PackedViewer {
  const script = readFileSync('node_modules/redoc/bundles/redoc.standalone.js', 'utf8')
    .replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '')
    // A closing tag inside a script would end it.
    .replaceAll('</script', '<\\/script');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · PeteRental Calendar</title>
<link rel="icon" href="data:,">
<style>body { margin: 0; }</style>
</head>
<body>
<div id="viewer"></div>
<script>${script}</script>
<script>${START}</script>
</body>
</html>
`;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  return {
    page: brotliCompressSync(html, { params }).toString('base64'),
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src ${cspHashOf(script)} ${cspHashOf(START)}`,
      // Redoc writes style elements and attributes.
      "style-src 'unsafe-inline'",
      'img-src data:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}
