import { describe, expect, test } from '@jest/globals';
import { requestsOfChange } from '../../lib/review/report/requests';
import type { Manifest } from '../support/render';
import { OBJECTS } from './objects';
import { findingsOf, reviewOf } from './support';

type Edit = (object: Manifest) => void;

function make(type: string, ...edits: readonly Edit[]): Manifest {
  const object = JSON.parse(JSON.stringify(OBJECTS[type]?.()));
  for (const edit of edits) edit(object);
  return object;
}

const main = ({ spec }: Manifest) => spec.template.spec.containers[0];
const image: Edit = (object) => {
  main(object).image = 'example.com/main:2';
};

/** The finding of a rule, among those of a change from some objects to others. */
function finding(rule: string, old: readonly Manifest[], next: readonly Manifest[]) {
  const found = findingsOf(old, next).filter((one) => one.rule === rule);
  expect(found).toHaveLength(1);
  return found[0] as (typeof found)[number];
}

const rules = (old: readonly Manifest[], next: readonly Manifest[]) =>
  findingsOf(old, next).map(({ effect, rule }) => `${effect} ${rule}`);

describe('a restart', () => {
  const restart = (type: string, ...edits: readonly Edit[]) =>
    finding('pod-template', [make(type, ...edits)], [make(type, ...edits, image)]);

  test.each<[string, string, Edit, boolean, RegExp]>([
    [
      'of the only pod of a StatefulSet',
      'apps/StatefulSet',
      () => {},
      true,
      /only pod stops before the new one starts/,
    ],
    [
      'of one of three pods of a StatefulSet',
      'apps/StatefulSet',
      ({ spec }) => {
        spec.replicas = 3;
      },
      false,
      /3 pods one after the other/,
    ],
    [
      'by Recreate',
      'apps/Deployment',
      ({ spec }) => {
        spec.strategy = { type: 'Recreate' };
      },
      true,
      /Recreate/,
    ],
    [
      'of a single pod by its default',
      'apps/Deployment',
      () => {},
      false,
      /new pod is ready before an old one stops/,
    ],
    [
      'of a single pod that may be missing',
      'apps/Deployment',
      ({ spec }) => {
        spec.strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
      },
      true,
      /only pod may stop/,
    ],
    [
      'of ten pods',
      'apps/Deployment',
      ({ spec }) => {
        spec.replicas = 10;
      },
      false,
      /10 pods in turn, at most 2 missing/,
    ],
    ['of a DaemonSet', 'apps/DaemonSet', () => {}, false, /on each node, 1 at a time/],
  ])('%s', (_, type, edit, outage, how) => {
    const found = restart(type, edit);

    expect(found.outage ?? false).toBe(outage);
    expect(found.reason).toMatch(how);
    expect(found.title).toMatch(/restarts once/);
  });

  test.each<[string, string, Edit]>([
    [
      'OnDelete',
      'apps/StatefulSet',
      ({ spec }) => {
        spec.updateStrategy = { type: 'OnDelete' };
      },
    ],
    [
      'paused',
      'apps/Deployment',
      ({ spec }) => {
        spec.paused = true;
      },
    ],
    [
      'replicas: 0',
      'apps/Deployment',
      ({ spec }) => {
        spec.replicas = 0;
      },
    ],
  ])('does not take place with %s', (words, type, edit) => {
    const found = restart(type, edit);

    expect(found.title).toMatch(/is due for a restart/);
    expect(found.title).toContain(words);
  });

  test('takes the time of its probes and its grace period', () => {
    const found = restart('apps/StatefulSet', (object) => {
      object.spec.template.spec.terminationGracePeriodSeconds = 300;
      main(object).readinessProbe = { initialDelaySeconds: 45, periodSeconds: 5 };
      delete main(object).startupProbe;
    });

    expect(found.title).toContain('about 60 s (up to 5 minutes more if it is slow to stop)');
  });

  test('of a Deployment with a ReadWriteOnce volume can hang', () => {
    const claim = make('PersistentVolumeClaim');
    const found = finding(
      'pod-template',
      [claim, make('apps/Deployment')],
      [claim, make('apps/Deployment', image)],
    );

    expect(found.reason).toContain('waits for it indefinitely');
  });

  test('of a known daemon is described with its effects', () => {
    const loki = (tag: string) =>
      make('apps/StatefulSet', (object) => {
        main(object).image = `docker.io/grafana/loki:${tag}`;
      });

    expect(finding('pod-template', [loki('3.7.6')], [loki('3.8.0')]).title).toBe(
      'StatefulSet apps/x: Loki restarts once (3.7.6 → 3.8.0): about 30 s (up to 30 seconds more if it is slow to stop) without queries, no lines lost, because agents resend what Loki did not acknowledge',
    );
  });

  test('is reported for a map that contains only some defaults', () => {
    const probe: Edit = (object) => {
      main(object).livenessProbe = { tcpSocket: { port: 80 }, timeoutSeconds: 1, periodSeconds: 10 };
    };
    const without: Edit = (object) => {
      delete main(object).livenessProbe;
    };

    expect(rules([make('apps/Deployment', without)], [make('apps/Deployment', probe)])).toEqual([
      'restarts pod-template',
    ]);
  });

  test('is not reported if the API server rejects the object, whose changes are all listed', () => {
    const seen = rules(
      [make('apps/StatefulSet')],
      [
        make('apps/StatefulSet', image, ({ spec }) => {
          spec.serviceName = 'y';
        }),
      ],
    );

    expect(seen).toEqual(['refused statefulset-field', 'refused refused-along']);
  });
});

describe('a ConfigMap that changes', () => {
  const config = (value: string) =>
    make('ConfigMap', ({ data }) => {
      data.a = value;
    });
  const checksum =
    (value: string): Edit =>
    ({ spec }) => {
      spec.template.metadata.annotations = { 'checksum/config': value };
    };
  const seen = (before: Manifest, after: Manifest) => findingsOf([config('a'), before], [config('b'), after]);

  test('restarts nothing by itself, which the review reports', () => {
    const pod = make('apps/Deployment', checksum('1'));
    const found = finding('config-without-restart', [config('a'), pod], [config('b'), pod]);

    expect(found.effect).toBe('live');
    expect(found.title).toContain('nothing restarts Deployment apps/x');
    expect(found.title).toContain('its checksum (checksum/config) does not change');
  });

  test('is read after its checksum restarts the pods', () => {
    const findings = seen(make('apps/Deployment', checksum('1')), make('apps/Deployment', checksum('2')));

    expect(findings.map(({ rule }) => rule)).toEqual([
      'pod-template',
      'unknown-content',
      'config-with-restart',
    ]);
  });

  test.each<[string, Edit]>([
    [
      'a variable',
      (object) => {
        main(object).env.push({ name: 'B', valueFrom: { configMapKeyRef: { name: 'x', key: 'a' } } });
      },
    ],
    [
      'all variables',
      (object) => {
        main(object).envFrom = [{ configMapRef: { name: 'x' } }];
      },
    ],
    [
      'a file by subPath',
      (object) => {
        main(object).volumeMounts.push({ name: 'config', mountPath: '/a', subPath: 'a' });
      },
    ],
  ])('is never seen by running pods that read %s of it', (_, edit) => {
    const pod = make('apps/Deployment', edit);

    expect(seen(pod, pod).map(({ rule }) => rule)).toEqual(['unknown-content', 'config-not-seen']);
  });

  test('without readers, or with a Grafana sidecar as its reader', () => {
    const labelled = (value: string) => ({
      ...config(value),
      metadata: { name: 'x', namespace: 'apps', labels: { grafana_dashboard: '1' } },
    });

    expect(rules([config('a')], [config('b')])).toEqual([
      'unknown unknown-content',
      'live config-without-reader',
    ]);
    expect(rules([labelled('a')], [labelled('b')])).toEqual([
      'unknown unknown-content',
      'live config-sidecar',
    ]);
  });
});

describe('an object that is gone', () => {
  test('is deleted only by pruning, unless its annotation prevents it', () => {
    const claim = make('PersistentVolumeClaim', ({ metadata }) => {
      metadata.annotations = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };
    });

    expect(finding('removed-object', [make('Service')], []).reason).toMatch(
      /Plain `kubectl apply` deletes nothing.*--prune/,
    );
    expect(finding('removed-data', [claim], [])).toMatchObject({
      effect: 'data-loss',
      reason: expect.stringContaining('Argo CD keeps it'),
    });
  });

  test('that pods still use prevents them from starting', () => {
    expect(
      finding('removed-object', [make('ConfigMap'), make('apps/Deployment')], [make('apps/Deployment')]),
    ).toMatchObject({
      outage: true,
      title: expect.stringContaining('Deployment apps/x still uses it'),
    });
  });

  test('that returns under another name is a new, empty volume', () => {
    const renamed = make('PersistentVolumeClaim', ({ metadata }) => {
      metadata.name = 'y';
    });
    const found = finding('removed-data', [make('PersistentVolumeClaim')], [renamed]);

    expect(found.title).toContain('PersistentVolumeClaim apps/y is new and empty');
    expect(found.steps?.join()).toContain('Retain');
  });
});

describe('lost data', () => {
  const seen = (edit: Edit, before: Edit = () => {}) =>
    rules([make('apps/StatefulSet', before)], [make('apps/StatefulSet', before, edit)]).filter((one) =>
      one.startsWith('data-loss'),
    );

  test.each<[string, Edit, string]>([
    [
      'whose claim is another one',
      ({ spec }) => {
        spec.template.spec.volumes[0].persistentVolumeClaim.claimName = 'y';
      },
      'volume-replaced',
    ],
    [
      'whose claim becomes a passing volume',
      ({ spec }) => {
        spec.template.spec.volumes[0] = { name: 'data', emptyDir: {} };
      },
      'volume-not-mounted',
    ],
    [
      'whose mount is gone',
      (object) => {
        main(object).volumeMounts = [];
      },
      'volume-not-mounted',
    ],
    [
      'whose mount moves',
      (object) => {
        main(object).volumeMounts[0].mountPath = '/other';
      },
      'mount-path-moved',
    ],
    [
      'of another folder of the volume',
      (object) => {
        main(object).volumeMounts[0].subPath = 'b';
      },
      'volume-replaced',
    ],
  ])('%s', (_, edit, rule) => {
    expect(seen(edit)).toEqual([`data-loss ${rule}`]);
  });

  test('is not reported for a volume with another name, another order, or a trailing slash', () => {
    expect(
      seen((object) => {
        object.spec.template.spec.volumes[0].name = 'renamed';
        object.spec.template.spec.volumes.reverse();
        main(object).volumeMounts[0] = { name: 'renamed', mountPath: '/data/' };
      }),
    ).toEqual([]);
  });
});

describe('access', () => {
  test('is granted by each new host and path of an Ingress', () => {
    const type = 'networking.k8s.io/Ingress';
    const next = make(type, ({ spec }) => {
      spec.rules[0].http.paths.push({
        path: '/flush',
        pathType: 'Prefix',
        backend: { service: { name: 'x', port: { name: 'http' } } },
      });
    });

    expect(finding('ingress-route', [make(type)], [next]).title).toBe(
      'Ingress apps/x: routes to the cluster: a.example.com/flush (Prefix) → x:http',
    );
    expect(finding('ingress-route', [], [make(type)]).title).toContain('a.example.com/a → x:80');
    expect(rules([next], [make(type)]).filter((one) => one.startsWith('access'))).toEqual([]);
  });

  test('is granted by each new host and path of an HTTPRoute', () => {
    const type = 'gateway.networking.k8s.io/HTTPRoute';
    const next = make(type, ({ spec }) => {
      spec.rules[0].matches.push({ path: { type: 'PathPrefix', value: '/flush' } });
    });

    expect(finding('ingress-route', [make(type)], [next]).title).toBe(
      'HTTPRoute apps/x: routes to the cluster: a.example.com/flush (PathPrefix) → x:80',
    );
    expect(rules([next], [make(type)])).toEqual(['deletes ingress-route-gone']);
    expect(
      rules(
        [make(type)],
        [
          make(type, ({ spec }) => {
            spec.hostnames = ['b.example.com'];
          }),
        ],
      ),
    ).toEqual(['deletes ingress-route-gone', 'access ingress-route']);
  });

  test('is granted by a policy of a Gateway that is removed, or leaves out a route', () => {
    const route = make('gateway.networking.k8s.io/HTTPRoute');
    const policy = make('gateway.envoyproxy.io/SecurityPolicy');
    const another = make('gateway.envoyproxy.io/SecurityPolicy', ({ metadata }) => {
      metadata.name = 'another';
    });
    const elsewhere = make('gateway.envoyproxy.io/SecurityPolicy', ({ spec }) => {
      spec.targetRefs[0].name = 'y';
    });

    expect(finding('route-open', [route, policy], [route]).title).toBe(
      'HTTPRoute apps/x: SecurityPolicy apps/x no longer protects it',
    );
    expect(rules([route, policy], [route, elsewhere])).toContain('access route-open');
    expect(rules([route, policy], [route, another])).not.toContain('access route-open');
    expect(rules([route, policy], [])).not.toContain('access route-open');
  });

  test('is granted by a policy that is removed, allows more, or selects other pods', () => {
    const type = 'networking.k8s.io/NetworkPolicy';
    const access = (edit: Edit) =>
      rules([make(type)], [make(type, edit)]).filter((one) => one.startsWith('access'));

    expect(rules([make(type)], [])).toEqual(['deletes removed-object', 'access policy-gone']);
    expect(
      access(({ spec }) => {
        spec.ingress[0].ports.push({ port: 81 });
      }),
    ).toEqual(['access policy-opens']);
    expect(
      access(({ spec }) => {
        delete spec.ingress[0].from;
      }),
    ).toEqual(['access policy-opens']);
    expect(
      access(({ spec }) => {
        spec.podSelector.matchLabels = { app: 'y' };
      }),
    ).toEqual(['access policy-pods']);
    expect(
      access(({ spec }) => {
        spec.policyTypes = ['Ingress'];
      }),
    ).toEqual(['access policy-direction']);
    expect(
      access(({ spec }) => {
        spec.ingress = [];
      }),
    ).toEqual([]);
  });

  test('is removed by a new policy for everything that it does not list', () => {
    const [policy, pod] = [make('networking.k8s.io/NetworkPolicy'), make('apps/Deployment')];
    const found = finding('policy-isolates', [pod], [pod, policy]);

    expect(found.effect).toBe('unknown');
    expect(found.title).toContain(
      'pods with app=x accept in Ingress and Egress only what a policy allows: from all pods on 80/TCP',
    );
    expect(finding('policy-isolates', [], [pod, policy]).effect).toBe('live');
  });

  test('is granted by a second policy for pods that the first one restricts, and removed with it', () => {
    const [policy, pod] = [make('networking.k8s.io/NetworkPolicy'), make('apps/Deployment')];
    const second = make('networking.k8s.io/NetworkPolicy', ({ metadata, spec }) => {
      metadata.name = 'second';
      spec.podSelector = { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] };
      spec.ingress[0].ports = [{ port: 81 }];
    });

    expect(finding('policy-opens', [pod, policy], [pod, policy, second]).effect).toBe('access');
    expect(finding('policy-closes', [pod, policy, second], [pod, policy]).effect).toBe('unknown');
  });

  test('is what rules of a role add to the existing ones', () => {
    const type = 'rbac.authorization.k8s.io/ClusterRole';
    const role = (...some: object[]) =>
      make(type, (object) => {
        object.rules = some;
      });
    const pods = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
    const all = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
    const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] };

    expect(finding('rights', [role(pods)], [role(pods, secrets)])).toMatchObject({
      title: 'ClusterRole x: may also get/list secrets',
      reason: expect.stringContaining('Powerful ones: get/list secrets'),
    });
    expect(rules([role(all)], [role(pods, secrets)])).toEqual(['unknown rights-withdrawn']);
    expect(rules([role(pods, secrets)], [role(secrets, pods)])).toEqual([]);
    expect(finding('rights', [role(pods)], [role(all)]).title).toContain('*');
  });

  test('is what a new binding grants, described by its role', () => {
    const binding = make('rbac.authorization.k8s.io/ClusterRoleBinding', ({ roleRef }) => {
      roleRef.name = 'x';
    });
    const role = make('rbac.authorization.k8s.io/ClusterRole');

    expect(finding('rights', [role], [role, binding]).title).toBe(
      'ClusterRoleBinding x: ServiceAccount apps/x may get pods in the whole cluster',
    );
  });

  test.each<[string, Edit, RegExp]>([
    [
      'a privileged container',
      (object) => {
        main(object).securityContext = { privileged: true };
      },
      /privileged instead of baseline: main is privileged/,
    ],
    [
      'the network of the node',
      ({ spec }) => {
        spec.template.spec.hostNetwork = true;
      },
      /shares its node's Network/,
    ],
    [
      'a path of the node',
      ({ spec }) => {
        spec.template.spec.volumes.push({ name: 'h', hostPath: { path: '/etc' } });
      },
      /mounts \/etc of its node/,
    ],
    [
      'a port of the node',
      (object) => {
        main(object).ports[0].hostPort = 80;
      },
      /binds port 80 of its node/,
    ],
    [
      'a capability',
      (object) => {
        main(object).securityContext = { capabilities: { add: ['SYS_ADMIN'] } };
      },
      /SYS_ADMIN/,
    ],
  ])('is opened on the node by %s', (_, edit, words) => {
    expect(
      finding('pod-privileges', [make('apps/Deployment')], [make('apps/Deployment', edit)]).title,
    ).toMatch(words);
  });

  test('includes a Secret that a pod did not read before, and another service account', () => {
    const secret: Edit = (object) => {
      main(object).env.push({ name: 'S', valueFrom: { secretKeyRef: { name: 'login', key: 'a' } } });
    };
    const account: Edit = ({ spec }) => {
      spec.template.spec.serviceAccountName = 'admin';
    };

    expect(
      finding('pod-secrets', [make('apps/Deployment')], [make('apps/Deployment', secret)]).title,
    ).toContain('login');
    expect(
      finding('pod-account', [make('apps/Deployment')], [make('apps/Deployment', account)]).title,
    ).toContain('admin instead of default');
  });
});

test('removed alerts are listed, because they no longer notify anyone', () => {
  const rule = (...alerts: string[]) => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'x', namespace: 'apps' },
    spec: { groups: [{ name: 'g', rules: alerts.map((alert) => ({ alert, expr: 'up == 0' })) }] },
  });

  expect(finding('alert-gone', [rule('A', 'B')], [rule('B', 'C')]).title).toBe(
    'PrometheusRule apps/x: removed alerts, which no longer notify anyone: A; new: C',
  );
});

test('an unknown custom resource is not assessed and shown completely', () => {
  const custom = (spec: object) => ({
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'x' },
    spec,
  });
  const [found] = findingsOf([custom({ a: 1 })], [custom({ a: 2, b: null })]);

  expect(found).toMatchObject({ effect: 'unknown', rule: 'unknown-field' });
  expect(found?.changes).toHaveLength(2);
});

test('requests and volumes are summed before and after', () => {
  const old = [make('apps/Deployment'), make('PersistentVolumeClaim'), make('apps/DaemonSet')];
  const next = [
    make('apps/Deployment', ({ spec }) => {
      spec.replicas = 3;
    }),
    make('PersistentVolumeClaim', ({ spec }) => {
      spec.resources.requests.storage = '5Gi';
    }),
    make('apps/DaemonSet'),
  ];
  const Gi = 2 ** 30;

  const perNode = { cpu: 1000, memory: Gi, pods: 1 };
  const cluster = reviewOf(old, next)?.cluster;

  expect(cluster && requestsOfChange(cluster)).toEqual({
    old: { cpu: 1000, memory: Gi, storage: 2 * Gi, pods: 1, perNode },
    new: { cpu: 3000, memory: 3 * Gi, storage: 5 * Gi, pods: 3, perNode },
  });
});

test('a long list of a new object is printed completely', () => {
  const ingress = make('networking.k8s.io/Ingress', ({ spec }) => {
    const [first] = spec.rules[0].http.paths;
    spec.rules[0].http.paths = Array.from({ length: 30 }, (_, index) => ({ ...first, path: `/${index}` }));
  });

  for (const index of [0, 15, 29])
    expect(finding('ingress-route', [], [ingress]).title).toContain(`a.example.com/${index} →`);
});

describe('a field without a rule is unknown, never harmless', () => {
  test.each<[string, Edit]>([
    [
      'apps/Deployment',
      ({ spec }) => {
        spec.brandNew = true;
      },
    ],
    [
      'Service',
      ({ spec }) => {
        spec.brandNew = true;
      },
    ],
    [
      'Service',
      ({ metadata }) => {
        metadata.annotations = { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' };
      },
    ],
    [
      'networking.k8s.io/Ingress',
      ({ metadata }) => {
        metadata.annotations = { 'nginx.ingress.kubernetes.io/configuration-snippet': 'deny all;' };
      },
    ],
    [
      'Namespace',
      ({ metadata }) => {
        metadata.labels = { 'istio-injection': 'enabled' };
      },
    ],
    [
      'autoscaling/HorizontalPodAutoscaler',
      ({ spec }) => {
        spec.scaleTargetRef.name = 'y';
      },
    ],
    [
      'apiextensions.k8s.io/CustomResourceDefinition',
      ({ spec }) => {
        spec.versions[0].schema.openAPIV3Schema.required = ['spec'];
      },
    ],
    [
      'batch/Job',
      ({ spec }) => {
        spec.brandNew = true;
      },
    ],
    [
      'storage.k8s.io/StorageClass',
      (object) => {
        object.mountOptions = ['discard'];
      },
    ],
  ])('of a %s (%p)', (type, edit) => {
    expect(rules([make(type)], [make(type, edit)])).toEqual(['unknown unknown-field']);
  });

  test('even next to a field with a rule, in a new map', () => {
    const next = make('apps/Deployment', ({ spec }) => {
      spec.strategy = { type: 'RollingUpdate' };
      Object.assign(spec, { minReadySeconds: 5, progressDeadlineSeconds: 60, brandNew: {} });
    });

    expect(rules([make('apps/Deployment')], [next])).toContain('unknown unknown-field');
  });
});
