import { AGENTS, type Agent } from './agents';
import type { Scenario } from './scenario';
import { agentCostScenario } from './scenarios/agent-cost';
import { agentSwitchScenario } from './scenarios/agent-switch';
import { alertsScenario } from './scenarios/alerts';
import { apiServerScenario } from './scenarios/api-server';
import { bootScenario } from './scenarios/boot';
import { bucketsScenario } from './scenarios/buckets';
import { capacityScenario } from './scenarios/capacity';
import { clusterNameScenario } from './scenarios/cluster-name';
import { compareScenario } from './scenarios/compare';
import { configsScenario } from './scenarios/configs';
import { dashboardsScenario } from './scenarios/dashboards';
import { deployScenario } from './scenarios/deploy';
import { destinationsScenario } from './scenarios/destinations';
import { driftScenario } from './scenarios/drift';
import { firstStartScenario } from './scenarios/first-start';
import { gatewayScenario } from './scenarios/gateway';
import { gatewayRequestsScenario } from './scenarios/gateway-requests';
import { gitOpsScenario } from './scenarios/gitops';
import { grafanaScenario } from './scenarios/grafana';
import { guideScenario } from './scenarios/guide';
import { kubernetesEventsScenario } from './scenarios/kubernetes-events';
import { limitsScenario } from './scenarios/limits';
import { logAgentsScenario } from './scenarios/log-agents';
import { logAlertsScenario } from './scenarios/log-alerts';
import { logsScenario } from './scenarios/logs';
import { migrationScenario } from './scenarios/migration';
import { moveInScenario } from './scenarios/move-in';
import { moveInBucketScenario } from './scenarios/move-in-bucket';
import { networkScenario } from './scenarios/network';
import { nodeJournalScenario } from './scenarios/node-journal';
import { noisyNeighborsScenario } from './scenarios/noisy-neighbors';
import { otlpLimitsScenario } from './scenarios/otlp-limits';
import { otlpLogsScenario } from './scenarios/otlp-logs';
import { otlpMetricsScenario } from './scenarios/otlp-metrics';
import { outagesScenario } from './scenarios/outages';
import { partsScenario } from './scenarios/parts';
import { permissionsScenario } from './scenarios/permissions';
import { preflightScenario } from './scenarios/preflight';
import { queueScenario } from './scenarios/queue';
import { remoteSamplingScenario } from './scenarios/remote-sampling';
import { replicasScenario } from './scenarios/replicas';
import { retentionScenario } from './scenarios/retention';
import { reviewScenario } from './scenarios/review';
import { ringScenario } from './scenarios/ring';
import { ringCompactorScenario } from './scenarios/ring-compactor';
import { ringOutagesScenario } from './scenarios/ring-outages';
import { s3Scenario } from './scenarios/s3';
import { samplingScenario } from './scenarios/sampling';
import { sharesScenario } from './scenarios/shares';
import { smokeScenario } from './scenarios/smoke';
import { tenantsScenario } from './scenarios/tenants';
import { throughputScenario } from './scenarios/throughput';
import { tracesScenario } from './scenarios/traces';
import { twoTiersScenario } from './scenarios/two-tiers';

export const SCENARIOS: readonly Scenario[] = [
  configsScenario,
  apiServerScenario,
  driftScenario,
  gatewayScenario,
  gatewayRequestsScenario,
  gitOpsScenario,
  preflightScenario,
  deployScenario,
  moveInScenario,
  moveInBucketScenario,
  reviewScenario,
  bootScenario,
  networkScenario,
  smokeScenario,
  guideScenario,
  logsScenario,
  otlpLogsScenario,
  otlpLimitsScenario,
  otlpMetricsScenario,
  kubernetesEventsScenario,
  nodeJournalScenario,
  tracesScenario,
  clusterNameScenario,
  tenantsScenario,
  partsScenario,
  samplingScenario,
  dashboardsScenario,
  grafanaScenario,
  sharesScenario,
  replicasScenario,
  twoTiersScenario,
  queueScenario,
  remoteSamplingScenario,
  retentionScenario,
  s3Scenario,
  bucketsScenario,
  ringScenario,
  ringCompactorScenario,
  ringOutagesScenario,
  compareScenario,
  migrationScenario,
  permissionsScenario,
  limitsScenario,
  firstStartScenario,
  noisyNeighborsScenario,
  outagesScenario,
  destinationsScenario,
  logAgentsScenario,
  agentSwitchScenario,
  capacityScenario,
  agentCostScenario,
  throughputScenario,
  alertsScenario,
  logAlertsScenario,
];

/** The section of a scenario in the record. A log agent that is chosen by an option has its own. */
export function titleOf({ title }: Scenario, agent?: Agent): string {
  return agent === undefined ? title : `${title} (logs.agent: ${agent.kind})`;
}

/** Sections that the record can have. */
export const RECORD_TITLES: readonly string[] = SCENARIOS.flatMap((one) =>
  [undefined, ...AGENTS].map((agent) => titleOf(one, agent)),
);
