// `npm run docs`: writes docs/api.md, docs/speech.md and the README's settings from the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../shared/http/openapi/document.ts';
import { describeApi } from './api-markdown.ts';
import { withSettings } from './settings-markdown.ts';
import { describeSpeech } from './speech-samples.ts';

for (const [path, markdown] of [
  ['docs/api.md', describeApi(openApiDocument())],
  ['docs/speech.md', describeSpeech()],
  ['README.md', withSettings(readFileSync('README.md', 'utf8'))],
] as const) {
  writeFileSync(path, await format(markdown, { ...(await resolveConfig(path)), parser: 'markdown' }));
}
