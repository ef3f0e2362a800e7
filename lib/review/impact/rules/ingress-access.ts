import { annotations, weaker } from './access';
import { kubernetesDocs, type Rule } from './rule';

const INGRESS = ['networking.k8s.io/Ingress'];
const ALB =
  'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/';
const NGINX = 'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/';

/** Rules about who may come in by an Ingress; they count as those of `ACCESS_RULES` do. */
export const INGRESS_ACCESS_RULES: readonly Rule[] = [
  {
    id: 'internet-facing',
    types: [...INGRESS, 'Service'],
    paths: annotations(
      'alb.ingress.kubernetes.io/scheme',
      'service.beta.kubernetes.io/aws-load-balancer-scheme',
    ),
    when: ({ new: next }) => next === 'internet-facing',
    effect: 'access',
    says: 'its load balancer faces the internet',
    reason: 'The scheme internet-facing gives the load balancer public addresses.',
    source: `${ALB}#scheme`,
  },
  {
    id: 'allow-list',
    types: INGRESS,
    paths: annotations(
      'alb.ingress.kubernetes.io/inbound-cidrs',
      'alb.ingress.kubernetes.io/security-groups',
      'nginx.ingress.kubernetes.io/whitelist-source-range',
      'nginx.ingress.kubernetes.io/allowlist-source-range',
    ),
    when: weaker,
    effect: 'access',
    says: 'other addresses are let in',
    reason: 'The annotation is the list of addresses that may connect; without it every address may.',
    source: `${ALB}#inbound-cidrs`,
  },
  {
    id: 'authentication',
    types: INGRESS,
    paths: [
      ...annotations(
        'alb.ingress.kubernetes.io/auth-type',
        'alb.ingress.kubernetes.io/auth-on-unauthenticated-request',
        'alb.ingress.kubernetes.io/auth-idp-cognito',
        'alb.ingress.kubernetes.io/auth-idp-oidc',
        'nginx.ingress.kubernetes.io/auth-type',
        'nginx.ingress.kubernetes.io/auth-secret',
        'nginx.ingress.kubernetes.io/auth-url',
        'nginx.ingress.kubernetes.io/auth-signin',
        'nginx.ingress.kubernetes.io/auth-tls-secret',
        'nginx.ingress.kubernetes.io/auth-tls-verify-client',
        'traefik.ingress.kubernetes.io/router.middlewares',
      ),
    ],
    when: weaker,
    effect: 'access',
    says: 'who has to log in, or how, is another matter now',
    reason: 'Ingress controllers take authentication from this annotation; without it nobody has to log in.',
    source: `${NGINX}#authentication`,
  },
  {
    id: 'plain-http',
    types: INGRESS,
    paths: [
      'spec.tls.**',
      ...annotations(
        'nginx.ingress.kubernetes.io/ssl-redirect',
        'nginx.ingress.kubernetes.io/force-ssl-redirect',
        'alb.ingress.kubernetes.io/ssl-redirect',
        'alb.ingress.kubernetes.io/listen-ports',
        'traefik.ingress.kubernetes.io/router.tls',
      ),
    ],
    when: weaker,
    effect: 'access',
    says: 'where TLS is asked for is another matter now',
    reason: 'What is not listed under tls, or listens on port 80, is served without encryption.',
    source: kubernetesDocs('concepts/services-networking/ingress/#tls'),
  },
];
