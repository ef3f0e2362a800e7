import type { Effect } from '../../lib/review/finding';
import type { Manifest } from '../support/render';
import { type Edit, type Pair, pair } from './pairs';

/** A change that no single field explains, and the worst that it does. */
export interface AssessedPair extends Pair {
  readonly effect: Effect;
}

const assessed = (what: string, effect: Effect, type: string, after: Edit, before?: Edit): AssessedPair => ({
  ...pair(type, after, before),
  what,
  effect,
});

const main = ({ spec }: Manifest) => spec.template.spec.containers[0];

/** Changes that an API server is asked about besides those of single rules. */
export const MORE_PAIRS: readonly AssessedPair[] = [
  assessed(
    'where a suspended Job may run',
    'live',
    'batch/Job',
    ({ spec }) => {
      spec.template.spec.nodeSelector = { a: 'b' };
    },
    ({ spec }) => {
      spec.suspend = true;
    },
  ),
  {
    ...assessed('a ConfigMap of 300 kB', 'refused', 'ConfigMap', ({ data }) => {
      data.a = 'x'.repeat(300_000);
    }),
    only: 'client-side',
  },
  assessed('a ConfigMap of more than 1 MiB', 'refused', 'ConfigMap', ({ data }) => {
    data.a = 'x'.repeat(1_100_000);
  }),
  ...['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'].map((type) =>
    assessed(`an image of ${type}`, 'restarts', type, (object) => {
      main(object).image = 'example.com/main:2';
    }),
  ),
  assessed('another order of variables', 'restarts', 'apps/Deployment', (object) => {
    main(object).env.reverse();
  }),
  assessed('a checksum', 'restarts', 'apps/Deployment', ({ spec }) => {
    spec.template.metadata.annotations = { 'checksum/config': 'b' };
  }),
  assessed(
    'a label of the template that no selector asks for',
    'restarts',
    'apps/StatefulSet',
    ({ spec }) => {
      spec.template.metadata.labels.version = '2';
    },
  ),
  assessed('a second container', 'access', 'apps/Deployment', ({ spec }) => {
    spec.template.spec.containers.push({ name: 'second', image: 'example.com/second:1' });
  }),
  assessed('a label of a workload', 'live', 'apps/Deployment', ({ metadata }) => {
    metadata.labels = { team: 'b' };
  }),
  assessed('the number of revisions that are kept', 'live', 'apps/StatefulSet', ({ spec }) => {
    spec.revisionHistoryLimit = 3;
  }),
  assessed('content of a ConfigMap', 'unknown', 'ConfigMap', ({ data }) => {
    data.a = 'b';
  }),
  assessed('content of a Secret', 'unknown', 'Secret', ({ stringData }) => {
    stringData.a = 'b';
  }),
  assessed('a ConfigMap that becomes immutable', 'live', 'ConfigMap', (object) => {
    object.immutable = true;
  }),
  assessed(
    'another order of ports of a Service',
    'none',
    'Service',
    ({ spec }) => spec.ports.reverse(),
    ({ spec }) => {
      spec.ports = [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ];
    },
  ),
  assessed('a path of an Ingress', 'access', 'networking.k8s.io/Ingress', ({ spec }) => {
    const [first] = spec.rules[0].http.paths;
    spec.rules[0].http.paths.push({ ...first, path: '/b' });
  }),
  assessed('a peer of a NetworkPolicy', 'access', 'networking.k8s.io/NetworkPolicy', ({ spec }) => {
    spec.ingress[0].from.push({ ipBlock: { cidr: '10.0.0.0/8' } });
  }),
  assessed('a verb of a role', 'access', 'rbac.authorization.k8s.io/ClusterRole', ({ rules }) => {
    rules[0].verbs.push('list');
  }),
  assessed(
    'a subject of a binding',
    'access',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    ({ subjects }) => {
      subjects.push({ kind: 'ServiceAccount', name: 'y', namespace: 'apps' });
    },
  ),
  assessed('a capability', 'access', 'apps/DaemonSet', (object) => {
    main(object).securityContext = { capabilities: { add: ['NET_ADMIN'] } };
  }),
  assessed('a volume that is not mounted any more', 'data-loss', 'apps/Deployment', (object) => {
    main(object).volumeMounts = [];
  }),
  assessed(
    'a selector that says less',
    'refused',
    'apps/Deployment',
    ({ spec }) => {
      delete spec.selector.matchLabels.tier;
    },
    ({ spec }) => {
      spec.selector.matchLabels = { app: 'x', tier: 'a' };
      spec.template.metadata.labels = { app: 'x', tier: 'a' };
    },
  ),
  assessed('a second IP family that is not there', 'live', 'Service', ({ spec }) => {
    spec.ipFamilyPolicy = 'PreferDualStack';
  }),
];
