import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generated } from './generated';
import { runMain } from './manifests';

const HELP = `npm run generate

Writes the files generated from the code of this product: values/schema.json and the tables in README.md and docs/.
Run it after you change the product. The output does not depend on values/; npx cdk8s synth renders what does.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) return void process.stdout.write(HELP);
  for (const { file, content } of generated((file) => readFileSync(file, 'utf8')))
    writeFileSync(file, content);
}

runMain('generate', main);
