import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { k8s } from '../constructs/k8s';
import { resourceLabels } from '../constructs/labels';
import type { RoutedService } from '../constructs/routed-service';
import { issuerAnnotation, withoutIssuer } from './annotations';
import {
  type Annotations,
  albAnnotations,
  ingressMiddlewares,
  nginxAnnotations,
  senderSettings,
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
  readonly services: readonly ExposedService[];
  /** Services that senders of other clusters reach, each with its host name. */
  readonly senders: readonly ExposedService[];
}

interface ExposedService {
  readonly host: string;
  readonly service: RoutedService;
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
    const add = (isPush: boolean, exposed: readonly ExposedService[], of: IngressSettings) => {
      for (const { name, spec } of of.controller === 'traefik' ? ingressMiddlewares(of, isPush) : []) {
        const metadata = { name, namespace, labels: resourceLabels(name, 'ingress') };
        new ApiObject(this, name, { apiVersion: 'traefik.io/v1alpha1', kind: 'Middleware', metadata, spec });
      }
      for (const { host, service } of exposed) {
        const name = isPush ? `${service.name}-push` : service.name;
        new k8s.KubeIngress(this, name, {
          metadata: {
            name,
            namespace,
            labels: resourceLabels(name, 'ingress'),
            annotations: {
              ...(isPush ? withoutIssuer(of.annotations) : of.annotations),
              ...controllerAnnotations(of, namespace, service, isPush),
            },
          },
          spec: {
            ingressClassName: of.className,
            tls: [{ hosts: [host], secretName: certificateSecret(of, service) }],
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
    };
    add(false, props.services, settings);
    if (settings.controller !== 'alb' && props.senders.length > 0)
      add(true, props.senders, senderSettings(settings));
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
  isPush: boolean,
): Annotations {
  switch (settings.controller) {
    case 'alb':
      return albAnnotations(settings, service.healthPath);
    case 'nginx':
      return nginxAnnotations(settings, isPush);
    case 'traefik':
      return traefikAnnotations(settings, namespace, isPush);
  }
}
