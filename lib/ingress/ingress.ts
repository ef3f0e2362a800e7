import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { traefikMiddlewares } from '../access/traefik-middlewares';
import type { ClusterSettings } from '../cluster/settings';
import { resourceLabels } from '../constructs/labels';
import type { RoutedService } from '../constructs/routed-service';
import { issuerAnnotation } from './annotations';
import {
  type Annotations,
  albAnnotations,
  MIDDLEWARES,
  nginxAnnotations,
  traefikAnnotations,
} from './controllers';
import type { IngressSettings } from './settings';

/** Properties of {@link Ingress}. */
export interface IngressProps {
  /** Settings of the Ingress. */
  readonly settings: IngressSettings;
  /** The cluster that the Ingress is added to. */
  readonly cluster: ClusterSettings;
  /** The exposed Services, each with its host name. */
  readonly services: ReadonlyArray<{ readonly host: string; readonly service: RoutedService }>;
}

/**
 * Exposes the query APIs outside the cluster, over TLS.
 *
 * The rules list each routed path. No rule matches the rest, which the
 * controller answers with 404.
 */
export class Ingress extends Construct {
  constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);

    const { settings, cluster } = props;
    const { namespace } = cluster;
    if (settings.controller === 'traefik') {
      for (const { name, spec } of traefikMiddlewares(MIDDLEWARES, settings)) {
        const metadata = { name, namespace, labels: resourceLabels(name, 'ingress') };
        new ApiObject(this, name, { apiVersion: 'traefik.io/v1alpha1', kind: 'Middleware', metadata, spec });
      }
    }

    for (const { host, service } of props.services) {
      new k8s.KubeIngress(this, service.name, {
        metadata: {
          name: service.name,
          namespace,
          labels: resourceLabels(service.name, 'ingress'),
          annotations: { ...settings.annotations, ...controllerAnnotations(settings, namespace, service) },
        },
        spec: {
          ingressClassName: settings.className,
          tls: [{ hosts: [host], secretName: certificateSecret(settings, service) }],
          rules: [
            {
              host,
              http: {
                paths: service.routes.map(({ path, pathType }) => ({
                  path,
                  pathType,
                  backend: { service: { name: service.name, port: { name: service.port.name } } },
                })),
              },
            },
          ],
        },
      });
    }
  }
}

/** The Secret with the certificate: an existing one for both hosts, or the one that cert-manager writes for this Ingress. */
function certificateSecret(settings: IngressSettings, { name }: RoutedService): string | undefined {
  if (settings.controller === 'alb') return undefined;
  return settings.tlsSecretName ?? (issuerAnnotation(settings.annotations) && `${name}-tls`);
}

function controllerAnnotations(
  settings: IngressSettings,
  namespace: string,
  service: RoutedService,
): Annotations {
  switch (settings.controller) {
    case 'alb':
      return albAnnotations(settings, service.healthPath);
    case 'nginx':
      return nginxAnnotations(settings);
    case 'traefik':
      return traefikAnnotations(settings, namespace);
  }
}
