import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../support/render';
import type { KubernetesApi } from './kubernetes-api';

/**
 * Adds the definitions of custom resources in a folder to an API server, with their CEL rules.
 *
 * @param folder YAML files, as the projects of the controllers publish them.
 * @returns What the API server accepted, as `kind group/version`.
 */
export async function addDefinitions(api: KubernetesApi, folder: string): Promise<string[]> {
  const definitions = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
    .map((document): Manifest => document.toJS())
    .filter((object) => object?.kind === 'CustomResourceDefinition');
  for (const definition of definitions) {
    const { status, body } = await api.apply(definition);
    if (status >= 300) throw new Error(`${definition.metadata.name}: ${body.message}`);
  }
  const served: string[] = [];
  for (const { spec } of definitions) {
    const { name } = spec.versions.find((one: Manifest) => one.storage);
    await api.untilServed(`${spec.group}/${name}`, spec.names.plural);
    served.push(`${spec.names.kind} ${spec.group}/${name}`);
  }
  return served;
}
