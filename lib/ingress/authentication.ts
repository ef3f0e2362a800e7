import * as z from 'zod';
import { basic, cognito, forward, LOGIN, none, oidc, only } from '../access/logins';

/** Login that an AWS load balancer supports. */
export const loadBalancerLogin = z
  .discriminatedUnion('type', [none, oidc, cognito], only('none, oidc, cognito', 'ingress.controller alb'))
  .prefault({ type: 'none' })
  .describe(LOGIN);
export type LoadBalancerLogin = z.output<typeof loadBalancerLogin>;

/** Login that nginx and Traefik support. */
export const proxyLogin = z
  .discriminatedUnion(
    'type',
    [none, basic('the key "auth" for nginx or "users" for traefik'), forward],
    only('none, basic, forward', 'ingress.controller nginx or traefik'),
  )
  .prefault({ type: 'none' })
  .describe(LOGIN);
