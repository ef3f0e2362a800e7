import type { Check } from './check';
import { agentNodes } from './checks/agent-nodes';
import { apiVersions } from './checks/api-versions';
import { existingClaims } from './checks/existing-claims';
import { grafanaDatasources } from './checks/grafana-datasources';
import { dashboardsSidecar, datasourcesSidecar } from './checks/grafana-sidecar';
import { ingressClass, ingressHosts } from './checks/ingress-class';
import { inotify } from './checks/inotify';
import { kubernetesVersion } from './checks/kubernetes-version';
import { limitRanges } from './checks/limit-ranges';
import { logAgents } from './checks/log-agents';
import { nameClashes } from './checks/name-clashes';
import { namespace } from './checks/namespace';
import { networkPolicies } from './checks/network-policies';
import { podSecurity } from './checks/pod-security';
import { exemplars, remoteWriteReceiver } from './checks/prometheus-features';
import { prometheusSelectors } from './checks/prometheus-selectors';
import { quotas } from './checks/quotas';
import { storageClass } from './checks/storage-class';

/** Every question that preflight asks, in the order in which a person would. */
export const CHECKS: readonly Check[] = [
  kubernetesVersion,
  apiVersions,
  namespace,
  podSecurity,
  nameClashes,
  prometheusSelectors,
  datasourcesSidecar,
  dashboardsSidecar,
  grafanaDatasources,
  networkPolicies,
  storageClass,
  existingClaims,
  ingressClass,
  ingressHosts,
  quotas,
  limitRanges,
  agentNodes,
  logAgents,
  inotify,
  exemplars,
  remoteWriteReceiver,
];
