import { nameOf } from '../../kubernetes/object';
import { type Check, fail, notRequired, ok, unknown, warn } from '../check';
import { urlOf, urlTarget } from '../service-url';
import { filesFor } from './grafana-sidecar';

/** `grafana.prometheusUrl` leads to the existing Prometheus. */
export const prometheusUrl: Check = {
  id: 'prometheus-url',
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services',
  command: 'get services --all-namespaces -l operated-prometheus=true',
  *assess(desired, cluster) {
    const { settings } = desired;
    if (filesFor('datasources', desired).length === 0) return notRequired('no datasources are rendered');
    const { prometheusUrl, namespace } = settings.grafana;
    const { inside, port, service, candidates } = urlTarget(prometheusUrl, namespace, 'prometheus', cluster);
    if (!inside)
      return unknown(
        [],
        `${prometheusUrl} is outside the cluster`,
        'check in Grafana that the datasource answers: Connections, Data sources, Save & test',
      );
    if (service !== undefined) return ok([service], `${nameOf(service)} has port ${port}`);
    const observed = `${prometheusUrl} does not resolve to a Service: links from logs to metrics fail`;
    const [instead] = candidates;
    yield instead === undefined
      ? warn(candidates, observed, 'set grafana.prometheusUrl to the URL of Prometheus')
      : fail(candidates, observed, `use ${nameOf(instead)}`, {
          values: { grafana: { prometheusUrl: urlOf(instead) } },
        });
    return undefined;
  },
};
