import { type core, z } from 'zod';
import { stackSettings } from '../../lib/settings';

type JsonSchema = core.JSONSchema.BaseSchema;

/** Dotted paths of every setting that has a value of its own, read from the schema. */
export function settingPaths(
  node: JsonSchema = z.toJSONSchema(stackSettings, { io: 'input' }),
  path: string[] = [],
): string[] {
  const children = [node, ...((node.oneOf ?? []) as JsonSchema[])].flatMap((one) =>
    Object.entries(one.properties ?? {}),
  );
  if (children.length === 0) return [path.join('.')];
  return [...new Set(children.flatMap(([key, child]) => settingPaths(child as JsonSchema, [...path, key])))];
}

/** A copy of plain data without what stands at a path; undefined where nothing does. */
export function without(data: object, path: string): object | undefined {
  const { copy, section, key } = locate(data, path);
  if (section === undefined || !(key in section)) return undefined;
  delete section[key];
  return copy;
}

/** Values to try where a text with a letter more is no value. */
const OTHERS: Record<string, unknown> = {
  'ingress.controller': 'traefik',
  'logs.resendSince': '2026-11-24T17:00:00Z',
  'logs.destinations': { other: { url: 'https://logs.example.com' } },
  'tracing.destinations': { other: { url: 'https://traces.example.com' } },
  'gateway.controller': 'aws',
  'gateway.authentication.port': 4181,
  'loki.replicas': 5,
  'loki.tenantLimits': { 'team-a': { maxStreams: 900 }, shared: { maxStreams: 500 } },
  'tempo.tenantLimits': { 'team-a': { maxLiveTraces: 500 } },
  tenants: { 'team-a': ['shop'] },
  'tracing.firstTier.replicas': 8,
  'tracing.firstTier.queueSize': '420Mi',
  'tracing.firstTier.resources.memory': '600Mi',
  'tracing.firstTier.resources.memoryLimit': '1900Mi',
  'loki.storage.identity.clientId': '9999abcd-12ab-34cd-56ef-1234567890ab',
  'tempo.storage.identity.clientId': '9999abcd-12ab-34cd-56ef-1234567890ab',
};

/**
 * A copy of plain data with another value at a path.
 *
 * @param other The value; by default a text gets a letter more, and a flag is turned round.
 */
export function altered(data: object, path: string, other: unknown = OTHERS[path]): object {
  const { copy, section, key } = locate(data, path);
  const value = section?.[key];
  if (section) section[key] = other ?? (typeof value === 'boolean' ? !value : `${value}x`);
  return copy;
}

function locate(data: object, path: string) {
  const copy = structuredClone(data);
  const keys = path.split('.');
  const key = keys.pop() as string;
  let section = copy as Record<string, unknown> | undefined;
  for (const name of keys) section = section?.[name] as Record<string, unknown> | undefined;
  return { copy, section, key };
}
