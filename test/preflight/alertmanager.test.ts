import { expect, test } from '@jest/globals';
import { Desired } from '../../lib/preflight/desired';
import { preflight } from '../../lib/preflight/preflight';
import { type Manifest, manifests, settings } from '../support/render';
import { alertmanager, assess, cluster, existing, STACK } from './existing';
import { reports } from './wrong';

const NAME = 'prometheus-kube-prometheus-alertmanager';
const isAlertmanager = ({ metadata }: Manifest) => metadata.name.includes('alertmanager');
const replace = (objects: Manifest[], others: readonly Manifest[]) =>
  objects.splice(0, objects.length, ...objects.filter((one) => !isAlertmanager(one)), ...others);

reports([
  {
    what: 'no Alertmanager',
    id: 'alertmanager',
    change: (objects) => replace(objects, []),
    verdict: 'fail',
    observed: `http://${NAME}:9093 does not resolve to a Service: log alerts do not reach anyone`,
  },
  {
    what: 'an Alertmanager behind another Service',
    id: 'alertmanager',
    change: (objects) => replace(objects, alertmanager('monitoring', 'kps-alertmanager')),
    verdict: 'fail',
    observed: `http://${NAME}:9093 does not resolve to a Service: log alerts do not reach anyone`,
    paste: { monitoring: { alertmanagerUrl: 'http://kps-alertmanager.monitoring:9093' } },
  },
  {
    what: 'an Alertmanager in another namespace that the NetworkPolicies block',
    id: 'alertmanager',
    change: (objects) => replace(objects, alertmanager('alerts')),
    values: { ...STACK, monitoring: { alertmanagerUrl: `http://${NAME}.alerts:9093` } },
    verdict: 'fail',
    observed: `the NetworkPolicies block Alertmanager: StatefulSet alerts/alertmanager-${NAME} on 9093/TCP`,
    paste: {
      networkPolicies: {
        alertmanager: {
          namespace: 'alerts',
          podLabels: { 'app.kubernetes.io/name': 'alertmanager' },
          ports: [9093],
        },
      },
    },
  },
]);

test('Alertmanager is not asked for without log alerts', () => {
  const complete = settings(STACK);
  const found = preflight(new Desired(complete, manifests(complete)), cluster(existing()));

  expect(found.filter(({ id }) => id === 'alertmanager')).toMatchObject([{ verdict: 'ok', required: false }]);
});

test('Alertmanager is unknown outside of the cluster', () => {
  const monitoring = { alertmanagerUrl: 'https://alerts.example.com/am' };

  expect(assess('alertmanager', () => {}, { ...STACK, monitoring })).toMatchObject([{ verdict: 'unknown' }]);
});

test('the port of the URL counts, wherever the Service lists it', () => {
  const first = (objects: Manifest[]) => {
    const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === NAME);
    service.spec.ports.unshift({ name: 'reloader-web', port: 8080, protocol: 'TCP', targetPort: 8080 });
  };

  expect(assess('alertmanager', first)).toMatchObject([
    { verdict: 'ok', observed: expect.stringContaining('on 9093/TCP') },
  ]);
});
