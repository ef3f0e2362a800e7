import type { Manifest } from '../support/render';
import type { Agent } from './agents';
import type { ProgramKey } from './programs';
import type { Report } from './report';

/** What a scenario is given. */
export interface Run {
  readonly caseName: string;
  /** Every object of the case. */
  readonly objects: readonly Manifest[];
  /** A folder of its own, which does not exist yet. */
  readonly folder: string;
  /** The log agent of the case. */
  readonly agent: Agent;
  /** The log agents that a comparison is about. */
  readonly agents: readonly Agent[];
  /** How long a store is away in the outage scenarios. */
  readonly outageSeconds: number;
  /** Whether what was seen is written into the repository. */
  readonly record: boolean;
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
