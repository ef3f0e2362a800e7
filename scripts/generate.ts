import { readFileSync, writeFileSync } from 'node:fs';
import { generated } from './generated';

// Writes what is made from the schema of the settings: values/schema.json, and the table in the README.
for (const { file, content } of generated((file) => readFileSync(file, 'utf8'))) writeFileSync(file, content);
