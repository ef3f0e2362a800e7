import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { generated } from '../scripts/generated';

const read = (file: string) => readFileSync(file, 'utf8');

test.each(generated(read))(
  '$file is generated from the code; if not, run `npm run generate` and commit it',
  ({ file, content }) => expect(read(file)).toBe(content),
);
