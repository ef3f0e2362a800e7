import type { ICustomResourceDefinition } from 'kubernetes-models-1.27/apiextensions.k8s.io/v1';
import type { IAPIService } from 'kubernetes-models-1.27/apiregistration.k8s.io/v1';
import type { IDaemonSet, IDeployment, IStatefulSet } from 'kubernetes-models-1.27/apps/v1';
import type { IEndpointSlice } from 'kubernetes-models-1.27/discovery.k8s.io/v1';
import type { IIngress, IIngressClass, INetworkPolicy } from 'kubernetes-models-1.27/networking.k8s.io/v1';
import type { ICSIDriver, IStorageClass } from 'kubernetes-models-1.27/storage.k8s.io/v1';
import type * as v1 from 'kubernetes-models-1.27/v1';
import type { KubernetesObject } from '../kubernetes/object';
import type { LabelSelector } from '../kubernetes/selectors';

/** The custom resource that makes the operator run Prometheus. */
interface Prometheus {
  readonly spec?: Partial<
    Record<`${'serviceMonitor' | 'podMonitor' | 'rule'}${'Selector' | 'NamespaceSelector'}`, LabelSelector>
  > & {
    readonly enableFeatures?: readonly string[];
    readonly enableOTLPReceiver?: boolean;
    readonly otlp?: object;
  };
}

/** A Gateway of the Gateway API: the fields that checks read. */
interface Gateway {
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: ReadonlyArray<{
      readonly name: string;
      readonly protocol: string;
      readonly hostname?: string;
      readonly allowedRoutes?: {
        readonly namespaces?: { readonly from?: string; readonly selector?: LabelSelector };
        readonly kinds?: ReadonlyArray<{ readonly kind: string }>;
      };
    }>;
  };
}

/** The class of Gateways of one controller. */
interface GatewayClass {
  readonly spec?: { readonly controllerName?: string };
}

/** An HTTPRoute: the fields that checks read. */
interface HTTPRoute {
  readonly spec?: { readonly hostnames?: readonly string[] };
}

/** Kinds that checks read, with their fields. */
interface Kinds {
  APIService: IAPIService;
  ConfigMap: v1.IConfigMap;
  CSIDriver: ICSIDriver;
  CustomResourceDefinition: ICustomResourceDefinition;
  DaemonSet: IDaemonSet;
  Deployment: IDeployment;
  EndpointSlice: IEndpointSlice;
  Gateway: Gateway;
  GatewayClass: GatewayClass;
  HTTPRoute: HTTPRoute;
  Ingress: IIngress;
  IngressClass: IIngressClass;
  LimitRange: v1.ILimitRange;
  Namespace: v1.INamespace;
  NetworkPolicy: INetworkPolicy;
  Node: v1.INode;
  PersistentVolumeClaim: v1.IPersistentVolumeClaim;
  PodMonitor: object;
  Prometheus: Prometheus;
  PrometheusRule: object;
  ResourceQuota: v1.IResourceQuota;
  Secret: v1.ISecret;
  Service: v1.IService;
  ServiceMonitor: object;
  StatefulSet: IStatefulSet;
  StorageClass: IStorageClass;
}

/** One of the kinds that checks read. */
export type Kind = keyof Kinds;

/** An object of a kind. */
export type ObjectOf<K extends Kind> = KubernetesObject & Omit<Kinds[K], 'apiVersion' | 'kind' | 'metadata'>;

/** Kinds that keep pods running. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** An object that keeps pods running. */
export type Workload = ObjectOf<(typeof WORKLOAD_KINDS)[number]>;
