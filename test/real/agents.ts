import type { LogAgentKind } from '../../lib/logs/settings';
import { caseSettings, type Manifest, manifests } from '../support/render';

/** A log agent that the stack can have. */
export interface Agent {
  readonly kind: LogAgentKind;
  /** Name of its pod. */
  readonly pod: string;
}

export const AGENTS: readonly [Agent, Agent] = [
  { kind: 'promtail', pod: 'promtail' },
  { kind: 'otel', pod: 'otel-agent' },
];

/** The objects of a case with one agent, whatever it has. */
export function withAgent(caseName: string, { kind }: Agent): Manifest[] {
  const settings = caseSettings(caseName);
  return manifests({ ...settings, logs: { ...settings.logs, agent: kind } });
}

/** The agent that a case has. */
export function agentOf(caseName: string): Agent | undefined {
  return AGENTS.find(({ kind }) => kind === caseSettings(caseName).logs.agent);
}
