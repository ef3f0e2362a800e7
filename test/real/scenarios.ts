import type { Manifest } from '../support/render';
import type { ProgramKey } from './programs';
import type { Report } from './report';
import { apiServerScenario } from './scenarios/api-server';
import { bootScenario } from './scenarios/boot';
import { configsScenario } from './scenarios/configs';
import { logsScenario } from './scenarios/logs';
import { outagesScenario } from './scenarios/outages';
import { retentionScenario } from './scenarios/retention';
import { reviewScenario } from './scenarios/review';
import { samplingScenario } from './scenarios/sampling';
import { tracesScenario } from './scenarios/traces';

/** What a scenario is given. */
export interface Run {
  readonly caseName: string;
  /** Every object of the case. */
  readonly objects: readonly Manifest[];
  /** A folder of its own, which does not exist yet. */
  readonly folder: string;
  /** How long a store is away in the outage scenarios. */
  readonly outageSeconds: number;
  readonly report: Report;
}

/** Something that the rendered stack is put through. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Programs it cannot do without. */
  readonly needs: readonly ProgramKey[];
  run(run: Run): Promise<void>;
}

export const SCENARIOS: readonly Scenario[] = [
  configsScenario,
  apiServerScenario,
  reviewScenario,
  bootScenario,
  logsScenario,
  tracesScenario,
  samplingScenario,
  retentionScenario,
  outagesScenario,
];
