// `npm run docs`: writes docs/api.md and docs/speech.md from the code.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../shared/api/openapi.ts';
import { describeApi } from './api-markdown.ts';
import { describeSpeech } from './speech-samples.ts';

for (const [path, markdown] of [
  ['docs/api.md', describeApi(openApiDocument())],
  ['docs/speech.md', describeSpeech()],
] as const) {
  writeFileSync(path, await format(markdown, { ...(await resolveConfig(path)), parser: 'markdown' }));
}
