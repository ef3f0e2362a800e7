import type { LabelSelector } from '../kubernetes/selectors';
import type { KubernetesObject } from './objects';

/** What a container asks for. */
export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly env?: ReadonlyArray<{ readonly name: string; readonly value?: string }>;
  readonly ports?: ReadonlyArray<{ readonly hostPort?: number }>;
  readonly resources?: Resources;
  readonly securityContext?: SecurityContext;
}

/** Of a pod or of a container; the container's wins. */
export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: SecurityContext;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms: ReadonlyArray<{
          readonly matchExpressions?: readonly NodeSelectorRequirement[];
        }>;
      };
    };
  };
  readonly tolerations?: readonly Toleration[];
  readonly volumes?: ReadonlyArray<{ readonly name: string; readonly hostPath?: { readonly path: string } }>;
}

/** A Deployment, StatefulSet or DaemonSet. */
export interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
  };
}

export interface Claim extends KubernetesObject {
  readonly spec: { readonly storageClassName?: string; readonly resources: Resources };
}

export interface StorageClass extends KubernetesObject {
  readonly provisioner: string;
  readonly allowVolumeExpansion?: boolean;
  readonly volumeBindingMode?: string;
}

export interface Ingress extends KubernetesObject {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly rules?: ReadonlyArray<{ readonly host?: string }>;
  };
}

export interface IngressClass extends KubernetesObject {
  readonly spec: { readonly controller: string };
}

export interface Node extends KubernetesObject {
  readonly spec: {
    readonly taints?: ReadonlyArray<{
      readonly key: string;
      readonly value?: string;
      readonly effect: string;
    }>;
  };
  readonly status: { readonly nodeInfo: { readonly kubeletVersion: string } };
}

/** A ConfigMap or Secret. */
export interface Files extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

interface NetworkPeer {
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}

export interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly ingress?: ReadonlyArray<{ readonly from?: readonly NetworkPeer[] }>;
    readonly egress?: ReadonlyArray<{ readonly to?: readonly NetworkPeer[] }>;
  };
}

export interface ResourceQuota extends KubernetesObject {
  readonly spec: { readonly scopes?: readonly string[]; readonly scopeSelector?: object };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

export interface LimitRange extends KubernetesObject {
  readonly spec: {
    readonly limits: ReadonlyArray<{
      readonly type: string;
      readonly min?: Readonly<Record<string, string>>;
      readonly max?: Readonly<Record<string, string>>;
      readonly default?: Readonly<Record<string, string>>;
    }>;
  };
}

export interface CustomResourceDefinition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: ReadonlyArray<{ readonly name: string; readonly served: boolean }>;
  };
}

/** The custom resource by which the operator runs Prometheus. */
export interface Prometheus extends KubernetesObject {
  readonly spec: {
    readonly serviceMonitorSelector?: LabelSelector;
    readonly serviceMonitorNamespaceSelector?: LabelSelector;
    readonly podMonitorSelector?: LabelSelector;
    readonly podMonitorNamespaceSelector?: LabelSelector;
    readonly ruleSelector?: LabelSelector;
    readonly ruleNamespaceSelector?: LabelSelector;
    readonly enableFeatures?: readonly string[];
    readonly enableRemoteWriteReceiver?: boolean;
  };
}
