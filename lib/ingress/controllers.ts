import { traefikMiddlewares } from '../access/traefik-middlewares';
import type { LoadBalancerLogin } from './authentication';
import type { IngressSettings } from './settings';

type Of<Controller> = Extract<IngressSettings, { controller: Controller }>;

/** Annotations that apply the settings to one controller. */
export type Annotations = Readonly<Record<string, string>>;

/** Settings of the entrance for senders, in the form of those for queries. */
export function senderSettings<T extends Exclude<IngressSettings, { controller: 'alb' }>>(settings: T): T {
  // A rule requires the name if senders may send.
  return { ...settings, authentication: { type: 'basic', secretName: settings.push.secretName as string } };
}

/** Maximum size of a request from a sender in nginx, which would reject anything above 1 MiB by default. */
const MAX_REQUEST = '32m';

/** Timeout of a query in a controller. */
const TIMEOUT_SECONDS = 600;

/**
 * AWS Load Balancer Controller: the load balancer itself handles TLS, login and CIDR blocks.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
 */
export function albAnnotations(settings: Of<'alb'>, healthPath: string): Annotations {
  const { allowedCidrs, certificateArn } = settings;
  return prefixed('alb.ingress.kubernetes.io', {
    scheme: settings.scheme,
    'target-type': 'ip',
    'group.name': settings.groupName,
    'listen-ports': '[{"HTTPS":443}]',
    'ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    'healthcheck-path': healthPath,
    'load-balancer-attributes': `idle_timeout.timeout_seconds=${TIMEOUT_SECONDS}`,
    ...(certificateArn === undefined ? {} : { 'certificate-arn': certificateArn }),
    ...(allowedCidrs.length === 0 ? {} : { 'inbound-cidrs': allowedCidrs.join(',') }),
    ...albAuthentication(settings.authentication),
  });
}

function albAuthentication(authentication: LoadBalancerLogin): Annotations {
  switch (authentication.type) {
    case 'oidc': {
      const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, secretName } = authentication;
      const idp = { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, secretName };
      return {
        'auth-type': 'oidc',
        'auth-on-unauthenticated-request': 'authenticate',
        'auth-idp-oidc': JSON.stringify(idp),
      };
    }
    case 'cognito': {
      const { userPoolArn, userPoolClientId, userPoolDomain } = authentication;
      const idp = { userPoolARN: userPoolArn, userPoolClientID: userPoolClientId, userPoolDomain };
      return {
        'auth-type': 'cognito',
        'auth-on-unauthenticated-request': 'authenticate',
        'auth-idp-cognito': JSON.stringify(idp),
      };
    }
    case 'none':
      return {};
  }
}

/**
 * ingress-nginx. Upstream archived it in March 2026; it is supported for clusters that already run it.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
export function nginxAnnotations(settings: Of<'nginx'>, isPush = false): Annotations {
  const { allowedCidrs, authentication } = settings;
  return prefixed('nginx.ingress.kubernetes.io', {
    'force-ssl-redirect': 'true',
    'proxy-read-timeout': `${TIMEOUT_SECONDS}`,
    'proxy-send-timeout': `${TIMEOUT_SECONDS}`,
    ...(isPush ? { 'proxy-body-size': MAX_REQUEST } : {}),
    ...(allowedCidrs.length === 0 ? {} : { 'whitelist-source-range': allowedCidrs.join(',') }),
    ...(authentication.type === 'basic'
      ? { 'auth-type': 'basic', 'auth-secret': authentication.secretName, 'auth-realm': 'Logs and traces' }
      : {}),
    ...(authentication.type === 'forward' ? { 'auth-url': authentication.url } : {}),
  });
}

/** First part of the names of Middlewares for Ingresses. */
const MIDDLEWARES = 'logs-and-traces';

/** Middlewares of the Ingresses for queries, or of those for senders. */
export function ingressMiddlewares(settings: Of<'traefik'>, isPush = false) {
  return traefikMiddlewares(isPush ? `${MIDDLEWARES}-push` : MIDDLEWARES, settings);
}

/**
 * Traefik: Ingresses refer to Middlewares by namespace and name.
 *
 * @see https://doc.traefik.io/traefik/routing/providers/kubernetes-ingress/#on-ingress
 */
export function traefikAnnotations(settings: Of<'traefik'>, namespace: string, isPush = false): Annotations {
  const names = ingressMiddlewares(settings, isPush).map(({ name }) => `${namespace}-${name}@kubernetescrd`);
  return prefixed('traefik.ingress.kubernetes.io', {
    'router.entrypoints': 'websecure',
    'router.tls': 'true',
    ...(names.length === 0 ? {} : { 'router.middlewares': names.join(',') }),
  });
}

function prefixed(prefix: string, annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${prefix}/${key}`, value]));
}
