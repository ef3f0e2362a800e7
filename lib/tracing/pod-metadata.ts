/**
 * Only a Jaeger client reports the address and host name of its process, which are those of its pod. Both are
 * required, because pods in the host network share the address of their node.
 */
const REPORTED = 'IsString(attributes["ip"]) and IsString(attributes["host.name"])';
const UNNAMED = 'attributes["k8s.pod.uid"] == nil and attributes["k8s.pod.name"] == nil';
const NOT_FOUND =
  'attributes["k8s.namespace.name"] == nil and attributes["k8s.pod.name"] == attributes["host.name"]';

/**
 * Processors that add the name of the pod to the resource of a span. Grafana finds the logs of a span by these names.
 *
 * A datagram does not identify its sender, and spans that pass through a Jaeger agent come from the agent. Therefore
 * what the client reports takes precedence over the connection.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/processor/k8sattributesprocessor
 */
export const POD_METADATA = {
  'transform/jaeger': resourceStatements(
    `set(attributes["k8s.pod.ip"], attributes["ip"]) where ${REPORTED} and ${UNNAMED}`,
    `set(attributes["k8s.pod.name"], attributes["host.name"]) where ${REPORTED} and ${UNNAMED}`,
  ),
  k8s_attributes: {
    extract: { metadata: ['k8s.namespace.name', 'k8s.pod.name', 'k8s.container.name', 'k8s.node.name'] },
    pod_association: [
      association('k8s.pod.uid'),
      association('k8s.pod.ip', 'k8s.pod.name'),
      association('k8s.pod.ip'),
      { sources: [{ from: 'connection' }] },
    ],
  },
  // In this case, no such pod exists.
  'transform/no-pod': resourceStatements(
    `delete_key(attributes, "k8s.pod.ip") where ${REPORTED} and ${NOT_FOUND}`,
    `delete_key(attributes, "k8s.pod.name") where ${REPORTED} and ${NOT_FOUND}`,
  ),
};

/** Attributes by which a sender could claim to be another pod. */
const CLAIMS = ['k8s.namespace.name', 'k8s.pod.name', 'k8s.pod.uid', 'k8s.pod.ip', 'namespace'];

/**
 * Processors that add the name of the pod by the connection alone. With tenants, the namespace decides who may read the
 * data, so what a sender says of itself is deleted. Spans in datagrams then have no pod.
 */
export const CONNECTED_POD_METADATA = {
  'transform/claims': resourceStatements(...CLAIMS.map((key) => `delete_key(attributes, "${key}")`)),
  k8s_attributes: {
    ...POD_METADATA.k8s_attributes,
    pod_association: [{ sources: [{ from: 'connection' }] }],
  },
};

/** Deletes what a sender of log records says of itself. */
export const LOG_CLAIMS = {
  'transform/log_claims': {
    log_statements: [
      { context: 'resource', statements: CLAIMS.map((key) => `delete_key(attributes, "${key}")`) },
    ],
  },
};

/** Name of the processor that names the cluster of a span. */
export const CLUSTER_PROCESSOR = 'transform/cluster';

/**
 * The processor that names the cluster of a span in its resource. It overwrites what an SDK found out by itself, as log
 * lines and metrics have this name.
 */
export function clusterMetadata(name: string | undefined): Record<string, object> {
  return name === undefined
    ? {}
    : { [CLUSTER_PROCESSOR]: resourceStatements(`set(attributes["k8s.cluster.name"], "${name}")`) };
}

function resourceStatements(...statements: string[]) {
  return { trace_statements: [{ context: 'resource', statements }] };
}

/** Resource attributes that identify the pod together. */
function association(...names: string[]) {
  return { sources: names.map((name) => ({ from: 'resource_attribute', name })) };
}
