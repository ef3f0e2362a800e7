import type { Check } from './check';
import { agentNodes } from './checks/agent-nodes';
import { alertmanager } from './checks/alertmanager';
import { apiServer } from './checks/api-server';
import { apiVersions } from './checks/api-versions';
import { bucketAccess } from './checks/bucket-access';
import { destinationAccess } from './checks/destination-access';
import { destinations } from './checks/destinations';
import { dns } from './checks/dns';
import { exemplars } from './checks/exemplars';
import { existingClaims } from './checks/existing-claims';
import { gateway } from './checks/gateway';
import { gatewayRoutes } from './checks/gateway-routes';
import { grafanaDatasources } from './checks/grafana-datasources';
import { grafanaNames } from './checks/grafana-names';
import { dashboardsSidecar, datasourcesSidecar } from './checks/grafana-sidecar';
import { ingressClass, ingressHosts } from './checks/ingress-class';
import { inotify } from './checks/inotify';
import { kubernetesVersion } from './checks/kubernetes-version';
import { limitRanges } from './checks/limit-ranges';
import { logAgents } from './checks/log-agents';
import { lokiPeriods, lokiReplicas } from './checks/loki-storage';
import { nameClashes } from './checks/name-clashes';
import { namespace } from './checks/namespace';
import { ingressController, networkPolicies } from './checks/neighbours';
import { otlpReceiver } from './checks/otlp-receiver';
import { podSecurity } from './checks/pod-security';
import { prometheusSelectors } from './checks/prometheus-selectors';
import { prometheusUrl } from './checks/prometheus-url';
import { quotas } from './checks/quotas';
import { storageClass } from './checks/storage-class';

/** Every check, in order of relevance. */
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
  grafanaNames,
  prometheusUrl,
  alertmanager,
  networkPolicies,
  dns,
  apiServer,
  ingressController,
  ingressClass,
  ingressHosts,
  gateway,
  gatewayRoutes,
  storageClass,
  existingClaims,
  bucketAccess,
  destinations,
  destinationAccess,
  lokiPeriods,
  lokiReplicas,
  quotas,
  limitRanges,
  agentNodes,
  logAgents,
  inotify,
  exemplars,
  otlpReceiver,
];
