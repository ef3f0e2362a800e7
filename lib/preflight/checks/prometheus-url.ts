import { nameOf } from '../../kubernetes/object';
import { type Check, fail, ok, unknown, warn } from '../check';
import type { ObjectOf } from '../kinds';

type Service = ObjectOf<'Service'>;

/** Grafana reaches the existing Prometheus where `grafana.prometheusUrl` says. */
export const prometheusUrl: Check = {
  id: 'prometheus-url',
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services',
  command: 'get services --all-namespaces -l operated-prometheus=true',
  *judge({ settings }, cluster) {
    const { prometheusUrl, namespace: own } = settings.grafana;
    const { hostname, port, protocol } = new URL(prometheusUrl);
    const [name, namespace = own, svc = 'svc'] = hostname.split('.');
    const services = cluster.some('Service');
    if (svc !== 'svc')
      return unknown(
        [],
        `${prometheusUrl} is outside of the cluster`,
        'check in Grafana that the datasource answers: Connections, Data sources, Save & test',
      );
    const number = Number(port || (protocol === 'https:' ? 443 : 80));
    const has = ({ spec }: Service) => spec?.ports?.some((one) => one.port === number) === true;
    const found = services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    if (found !== undefined && has(found)) return ok([found], `${nameOf(found)} has port ${number}`);
    const candidates = services.filter(
      ({ spec }) => spec?.selector?.['app.kubernetes.io/name'] === 'prometheus' && spec.clusterIP !== 'None',
    );
    const observed = `${prometheusUrl} leads to no Service: links from logs to metrics fail`;
    const [instead] = candidates;
    return instead === undefined
      ? warn(candidates, observed, 'set grafana.prometheusUrl to where Grafana reaches Prometheus')
      : fail(candidates, observed, `use ${nameOf(instead)}`, {
          values: { grafana: { prometheusUrl: urlOf(instead) } },
        });
  },
};

function urlOf({ metadata, spec }: Service): string {
  return `http://${metadata.name}.${metadata.namespace}:${spec?.ports?.[0]?.port ?? 9090}`;
}
