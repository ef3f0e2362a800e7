import { type Check, fail, notRequired, ok, unknown } from '../check';

/** The existing Prometheus accepts the metrics that the collector forwards. */
export const otlpReceiver: Check = {
  id: 'otlp-receiver',
  source: 'https://prometheus.io/docs/guides/opentelemetry/#enable-the-otlp-receiver',
  command: 'get prometheus --all-namespaces -o yaml',
  *assess({ settings }, cluster) {
    // Without any object, nothing was observed.
    cluster.some('Namespace');
    const { metrics } = settings.tracing;
    if (!metrics.enabled) return notRequired('metrics of SDKs are rejected');
    if (metrics.url !== undefined)
      return unknown([], `${metrics.url} was not tried`, 'check that it accepts OTLP over HTTP');
    const { namespace } = settings.networkPolicies.prometheus;
    const servers = cluster.all('Prometheus').filter(({ metadata }) => metadata.namespace === namespace);
    for (const server of servers) {
      const { enableOTLPReceiver, otlp } = server.spec ?? {};
      // The operator enables the receiver if it has a configuration.
      if (!(enableOTLPReceiver ?? otlp !== undefined))
        yield fail(
          [server],
          `Prometheus ${server.metadata.namespace}/${server.metadata.name} answers OTLP with 404, so metrics of SDKs are lost`,
          'enable its OTLP receiver, which requires Prometheus 2.47; Prometheus restarts once',
          { kubePrometheusStack: { prometheus: { prometheusSpec: { enableOTLPReceiver: true } } } },
        );
    }
    return ok(servers, 'Prometheus accepts OTLP');
  },
};
