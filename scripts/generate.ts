import { readFileSync, writeFileSync } from 'node:fs';
import { generated } from './generated';

// Writes every file that is made from code, all but dist/: `npm run generate`.
for (const { file, content } of generated((file) => readFileSync(file, 'utf8'))) writeFileSync(file, content);
