/** The parts of a Traefik Middleware that this product uses. */
interface TraefikMiddleware {
  readonly name: string;
  readonly spec:
    | { readonly basicAuth: { readonly secret: string; readonly removeHeader: true } }
    | { readonly forwardAuth: { readonly address: string } }
    | { readonly ipAllowList: { readonly sourceRange: readonly string[] } };
}

/** What Traefik requires of a request before it routes it. */
interface Requirements {
  readonly allowedCidrs: readonly string[];
  readonly authentication:
    | { readonly type: 'basic'; readonly secretName: string }
    | { readonly type: 'forward'; readonly url: string }
    | { readonly type: 'none' | 'external' };
}

/**
 * Middlewares that Traefik applies before routing a request: first the client's address, then its login.
 *
 * @param prefix First part of their names.
 * @see https://doc.traefik.io/traefik/middlewares/http/overview/
 */
export function traefikMiddlewares(
  prefix: string,
  { allowedCidrs, authentication }: Requirements,
): TraefikMiddleware[] {
  const middlewares: TraefikMiddleware[] = [];
  if (allowedCidrs.length > 0) {
    middlewares.push({
      name: `${prefix}-addresses`,
      spec: { ipAllowList: { sourceRange: allowedCidrs } },
    });
  }
  if (authentication.type === 'basic') {
    const spec = { basicAuth: { secret: authentication.secretName, removeHeader: true } } as const;
    middlewares.push({ name: `${prefix}-login`, spec });
  }
  if (authentication.type === 'forward') {
    middlewares.push({ name: `${prefix}-login`, spec: { forwardAuth: { address: authentication.url } } });
  }
  return middlewares;
}
