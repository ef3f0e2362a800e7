import { describe, expect, test } from '@jest/globals';
import { reaches } from '../../lib/kubernetes/network-reachability';
import { config, type Manifest, manifest, manifests, settings } from '../support/render';

const values = (controller: string, more: object = {}) => ({
  cluster: { name: 'central' },
  ingress: {
    ...{ enabled: true, controller, tlsSecretName: 'tls', scheme: 'internal' },
    authentication: { type: 'basic', secretName: 'readers' },
    push: { enabled: true, secretName: 'senders' },
    ...more,
  },
});
const ingress = (name: string, controller = 'nginx', more: object = {}) =>
  manifest(values(controller, more), 'Ingress', name);
const paths = (name: string) => ingress(name).spec.rules[0].http.paths;

describe('the entrance for senders of other clusters', () => {
  test('has the push paths and no other, on the hosts of the query APIs', () => {
    const routed = (name: string) => paths(name).map(({ path, pathType }: Manifest) => `${pathType} ${path}`);

    expect(routed('loki-push')).toEqual(['Exact /loki/api/v1/push', 'Exact /otlp/v1/logs']);
    expect(routed('tempo-push')).toEqual(['Exact /v1/traces']);
    expect(ingress('loki-push').spec.rules[0].host).toBe(ingress('loki').spec.rules[0].host);
    expect(routed('loki').filter((one: string) => /push|otlp/.test(one))).toEqual([]);
  });

  test('leads to ports that the stores listen on', () => {
    for (const name of ['loki', 'tempo']) {
      const { backend } = paths(`${name}-push`)[0];
      const { ports } = manifest(values('nginx'), 'Service', backend.service.name).spec;
      expect(ports.map((port: Manifest) => port.name)).toContain(backend.service.port.name);
    }
    expect(config(values('nginx'), 'tempo').distributor.receivers.otlp.protocols.http.endpoint).toBe(
      '0.0.0.0:4318',
    );
  });

  test('has a login of its own, and requests of the size that agents send', () => {
    const annotation = (name: string, key: string) =>
      ingress(name).metadata.annotations[`nginx.ingress.kubernetes.io/${key}`];

    expect(annotation('loki', 'auth-secret')).toBe('readers');
    expect(annotation('loki-push', 'auth-secret')).toBe('senders');
    expect(annotation('loki-push', 'proxy-body-size')).toBe('32m');
    expect(annotation('loki', 'proxy-body-size')).toBeUndefined();
  });

  test('of Traefik has Middlewares of its own', () => {
    const logins = manifests(settings(values('traefik'))).filter(({ spec }) => spec?.basicAuth);
    const used = (name: string) =>
      ingress(name, 'traefik').metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'];

    expect(logins.map(({ metadata, spec }) => [metadata.name, spec.basicAuth.secret])).toEqual([
      ['logs-and-traces-login', 'readers'],
      ['logs-and-traces-push-login', 'senders'],
    ]);
    expect(used('loki-push')).toBe('monitoring-logs-and-traces-push-login@kubernetescrd');
  });

  test('uses the certificate of the query API, for which cert-manager issues only one', () => {
    const issued = { tlsSecretName: null, annotations: { 'cert-manager.io/issuer': 'a', team: 'b' } };
    const [query, push] = ['loki', 'loki-push'].map((name) => ingress(name, 'nginx', issued));

    expect(push.spec.tls).toEqual(query.spec.tls);
    expect(query.metadata.annotations['cert-manager.io/issuer']).toBe('a');
    expect(Object.keys(push.metadata.annotations)).not.toContain('cert-manager.io/issuer');
    expect(push.metadata.annotations['team']).toBe('b');
  });

  test('is let through by the NetworkPolicies, and only from the ingress controller', () => {
    const policies = manifests(settings(values('nginx'))).filter(({ kind }) => kind === 'NetworkPolicy');
    const pod = (namespace: string, labels: Record<string, string>) => ({ namespace, labels });
    const controller = pod('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx' });
    const own = (app: string) => pod('monitoring', { app, 'app.kubernetes.io/part-of': 'logs-and-traces' });

    expect(reaches(policies, controller, own('tempo'), '4318/TCP')).toBe(true);
    expect(reaches(policies, controller, own('loki'), '3100/TCP')).toBe(true);
    expect(reaches(policies, pod('apps', { app: 'shop' }), own('tempo'), '4318/TCP')).toBe(false);
  });

  test.each<[object, string]>([
    [{ push: { enabled: true } }, 'ingress.push.secretName must name a Secret'],
    [{ enabled: false }, 'ingress.push.enabled must be false with ingress.enabled false'],
  ])('is rejected with %j', (more, message) => {
    expect(() => settings(values('nginx', more))).toThrow(message);
  });

  test('requires the name of the cluster, without which Loki drops the names of the others', () => {
    expect(() => settings({ ingress: values('nginx').ingress })).toThrow('cluster.name is required');
    expect(
      config(values('nginx'), 'loki').limits_config.otlp_config.resource_attributes.attributes_config[0]
        .attributes,
    ).toContain('cluster');
  });

  test('is closed by default, and does not exist on an ALB, which has no login for programs', () => {
    const open = (of: object) =>
      manifests(settings(of)).filter(
        ({ kind, metadata }) => kind === 'Ingress' && /push/.test(metadata.name),
      );

    expect(open({ ingress: { ...values('nginx').ingress, push: {} } })).toEqual([]);
    expect(() => settings({ ingress: { enabled: true, push: { enabled: true } } })).toThrow('push');
  });
});
