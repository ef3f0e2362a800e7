import * as z from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The smallest file that a schema accepts: all required settings, with the examples from their error messages. */
export function smallestFile(schema: z.ZodType): string {
  return lines(z.toJSONSchema(schema, { io: 'input' }), '').join('\n');
}

function lines({ properties = {}, required = [] }: JsonSchema, indent: string): string[] {
  return required.flatMap((key) => {
    const node = properties[key] as JsonSchema;
    if (node.properties) return [`${indent}${key}:`, ...lines(node, `${indent}  `)];
    const [, example = '…'] = /such as "([^"]+)"/.exec(String(node['patternErrorMessage'])) ?? [];
    return [`${indent}${key}: ${example}`];
  });
}
