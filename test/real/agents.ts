import { parse } from 'yaml';
import type { LogAgentKind } from '../../lib/logs/settings';
import { stackSettings } from '../../lib/settings';
import { parseValues } from '../../lib/values/read-values';
import {
  caseAdditions,
  caseFile,
  caseSettings,
  caseValues,
  type Manifest,
  manifests,
} from '../support/render';

/** A log agent that the stack can have. */
export interface Agent {
  readonly kind: LogAgentKind;
  /** Name of its pod. */
  readonly pod: string;
  /** Name and number of the port of its metrics. */
  readonly metrics: { readonly name: string; readonly port: number };
}

export const AGENTS: readonly [Agent, Agent] = [
  { kind: 'promtail', pod: 'promtail', metrics: { name: 'http', port: 3101 } },
  { kind: 'otel', pod: 'otel-agent', metrics: { name: 'metrics', port: 8888 } },
];

/** The objects of a case with one agent, whatever it has. */
export function withAgent(caseName: string, { kind }: Agent): Manifest[] {
  const values = parse(caseValues(caseName));
  const changed = { ...values, logs: { ...values.logs, agent: kind } };
  const settings = parseValues(caseFile(caseName), JSON.stringify(changed), stackSettings);
  return manifests(settings, caseAdditions(caseName));
}

/** The agent that a case has. */
export function agentOf(caseName: string): Agent | undefined {
  return AGENTS.find(({ kind }) => kind === caseSettings(caseName).logs.agent);
}
