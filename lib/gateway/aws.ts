import type { RoutedService } from '../constructs/routed-service';
import type { AwsLogin } from './logins';

/** Who may use the routes. */
interface Requirements {
  readonly allowedCidrs: readonly string[];
  readonly authentication: AwsLogin;
}

/**
 * What an AWS load balancer requires of requests; undefined if nothing. A route whose rules refer to a configuration
 * that does not exist is not served.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/listenerruleconfig/
 */
export function listenerRuleSpec({ allowedCidrs, authentication }: Requirements) {
  const actions = loginActions(authentication);
  if (actions.length === 0 && allowedCidrs.length === 0) return undefined;
  return {
    ...(actions.length > 0 && { actions }),
    ...(allowedCidrs.length > 0 && {
      conditions: [{ field: 'source-ip', sourceIPConfig: { values: allowedCidrs } }],
    }),
  };
}

function loginActions(login: AwsLogin) {
  const session = {
    onUnauthenticatedRequest: 'authenticate',
    scope: 'openid',
    sessionCookieName: 'AWSELBAuthSessionCookie',
    sessionTimeout: 604_800,
  };
  switch (login.type) {
    case 'oidc': {
      const { type, secretName, ...provider } = login;
      const authenticateOIDCConfig = { ...provider, secret: { name: secretName }, ...session };
      return [{ type: 'authenticate-oidc', authenticateOIDCConfig }];
    }
    case 'cognito': {
      const { type, ...userPool } = login;
      return [{ type: 'authenticate-cognito', authenticateCognitoConfig: { ...userPool, ...session } }];
    }
    case 'jwt': {
      const { issuer, jwksUrl, audience } = login;
      const additionalClaims = [{ name: 'aud', format: 'single-string', values: [audience] }];
      const jwtValidationConfig = { issuer, jwksEndpoint: jwksUrl, additionalClaims };
      return [{ type: 'jwt-validation', jwtValidationConfig }];
    }
    case 'none':
    case 'external':
      return [];
  }
}

/**
 * How an AWS load balancer reaches a Service: at its pods, which the health check queries. By default it uses ports of
 * nodes, which this Service does not have.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/targetgroupconfig/
 */
export function targetGroupSpec({ name, healthPath, healthStatus }: RoutedService) {
  return {
    targetReference: { group: '', kind: 'Service', name },
    defaultConfiguration: {
      targetType: 'ip',
      healthCheckConfig: {
        healthCheckPath: healthPath,
        healthCheckProtocol: 'HTTP',
        ...(healthStatus !== undefined && { matcher: { httpCode: `${healthStatus}` } }),
      },
    },
  };
}
