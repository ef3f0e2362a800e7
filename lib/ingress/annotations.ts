import { labelKey } from '../values/fields';

/** Annotations of the controllers that change neither access nor routing. */
export const FREE_ANNOTATIONS = [
  'alb.ingress.kubernetes.io/load-balancer-name',
  'alb.ingress.kubernetes.io/subnets',
  'alb.ingress.kubernetes.io/tags',
  'alb.ingress.kubernetes.io/wafv2-acl-arn',
];

/** The key of an annotation that may be added. */
export function annotationKey() {
  const controllers =
    /^(?:alb\.ingress|nginx\.ingress|traefik\.ingress|ingress)\.kubernetes\.io\/|^kubernetes\.io\/ingress|^nginx\.org\//;
  return labelKey('example.com/team').refine(
    (key) => FREE_ANNOTATIONS.includes(key) || !controllers.test(key),
    {
      error:
        'must not be an annotation of a controller, which could override access and routing; use the settings of ingress',
    },
  );
}

/** Annotations by which cert-manager issues a certificate for an Ingress. */
const ISSUERS = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'] as const;

/**
 * The annotation by which cert-manager issues certificates. It then writes a Secret per Ingress: it rejects a second
 * Ingress that requests the same Secret.
 *
 * @see https://cert-manager.io/docs/usage/ingress/
 */
export function issuerAnnotation(annotations: Readonly<Record<string, string>>): string | undefined {
  return ISSUERS.find((key) => key in annotations);
}

/** Annotations for a second Ingress with the same host and Secret, for which cert-manager must not issue another. */
export function withoutIssuer(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !ISSUERS.some((issuer) => issuer === key)),
  );
}
