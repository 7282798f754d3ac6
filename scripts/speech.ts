// Writes docs/speech.md: every spoken line in both languages, with sample values. `npm run docs`.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describeSpeech } from './speech-samples.ts';

const path = 'docs/speech.md';
writeFileSync(path, await format(describeSpeech(), { ...(await resolveConfig(path)), parser: 'markdown' }));
