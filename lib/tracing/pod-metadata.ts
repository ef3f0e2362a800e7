/**
 * What a Jaeger client tells of its process, and nobody else: address and host name, which are those of its pod.
 * Both together, as pods in the network of their node share its address.
 */
const TOLD = 'IsString(attributes["ip"]) and IsString(attributes["host.name"])';
const UNNAMED = 'attributes["k8s.pod.uid"] == nil and attributes["k8s.pod.name"] == nil';
const NOT_FOUND =
  'attributes["k8s.namespace.name"] == nil and attributes["k8s.pod.name"] == attributes["host.name"]';

/**
 * Processors that name the pod of a span in its resource. By these names,
 * Grafana finds the logs of a span.
 *
 * A datagram does not tell its sender, and what comes through an agent of
 * Jaeger comes from the agent, so that what the client tells goes before the
 * connection.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/processor/k8sattributesprocessor
 */
export const POD_METADATA = {
  'transform/jaeger': resourceStatements(
    `set(attributes["k8s.pod.ip"], attributes["ip"]) where ${TOLD} and ${UNNAMED}`,
    `set(attributes["k8s.pod.name"], attributes["host.name"]) where ${TOLD} and ${UNNAMED}`,
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
  // There is no such pod, then.
  'transform/no-pod': resourceStatements(
    `delete_key(attributes, "k8s.pod.ip") where ${TOLD} and ${NOT_FOUND}`,
    `delete_key(attributes, "k8s.pod.name") where ${TOLD} and ${NOT_FOUND}`,
  ),
};

function resourceStatements(...statements: string[]) {
  return { trace_statements: [{ context: 'resource', statements }] };
}

/** Attributes of a resource by which its pod is known, all of them together. */
function association(...names: string[]) {
  return { sources: names.map((name) => ({ from: 'resource_attribute', name })) };
}
