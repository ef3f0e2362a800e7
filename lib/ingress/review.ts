import type { ComponentReview } from '../review/component-review';
import { becomes, replaced, rule } from '../review/rule';

const INGRESS = ['networking.k8s.io/Ingress'];
const MIDDLEWARE = ['traefik.io/Middleware'];

const annotations = (prefix: string, ...keys: string[]) =>
  keys.map((key) => `metadata.annotations[${prefix}/${key}]`);
const alb = (...keys: string[]) => annotations('alb.ingress.kubernetes.io', ...keys);
const nginx = (...keys: string[]) => annotations('nginx.ingress.kubernetes.io', ...keys);
const traefik = (...keys: string[]) => annotations('traefik.ingress.kubernetes.io', ...keys);

const SCHEME = [...alb('scheme'), ...annotations('service.beta.kubernetes.io', 'aws-load-balancer-scheme')];
const ADDRESSES = [
  ...alb('inbound-cidrs', 'security-groups'),
  ...nginx('whitelist-source-range', 'allowlist-source-range'),
];
const LOGIN = [
  ...alb('auth-type', 'auth-on-unauthenticated-request', 'auth-idp-cognito', 'auth-idp-oidc'),
  ...nginx(
    'auth-type',
    'auth-secret',
    'auth-url',
    'auth-signin',
    'auth-tls-secret',
    'auth-tls-verify-client',
  ),
  ...traefik('router.middlewares'),
];
const TLS = [
  ...['spec.tls.**', ...alb('ssl-redirect', 'listen-ports')],
  ...nginx('ssl-redirect', 'force-ssl-redirect'),
  ...traefik('router.tls', 'router.entrypoints'),
];
const GROUP = alb('group.name', 'load-balancer-name', 'scheme');
const SETTINGS = [
  ...alb(
    'certificate-arn',
    'ssl-policy',
    'healthcheck-path',
    'load-balancer-attributes',
    'target-group-attributes',
  ),
  ...nginx('proxy-read-timeout', 'proxy-send-timeout', 'proxy-body-size', 'auth-realm'),
  ...[...ADDRESSES, ...LOGIN, ...TLS].filter((path) => path.startsWith('metadata')),
];

const beside = true;

/** Effects of annotations and Middlewares of ingress controllers on clients. */
export const ingressReview: ComponentReview = {
  texts: 'lib/ingress/review.md',
  rules: [
    rule('access', 'internet-facing', [...INGRESS, 'Service'], SCHEME, {
      beside,
      when: becomes('internet-facing'),
    }),
    rule('access', 'allow-list', INGRESS, ADDRESSES, { beside, when: replaced }),
    rule('access', 'authentication', INGRESS, LOGIN, { beside, when: replaced }),
    rule('access', 'plain-http', INGRESS, TLS, { beside, when: replaced }),
    rule('access', 'middleware', MIDDLEWARE, ['spec.**'], { when: replaced }),
    rule('live', 'middleware-stricter', MIDDLEWARE, ['spec.**']),
    rule('live', 'load-balancer-group', INGRESS, GROUP),
    rule('live', 'load-balancer-setting', INGRESS, SETTINGS),
  ],
};
