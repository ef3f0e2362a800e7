import type { Construct } from 'constructs';
import { k8s } from './k8s';
import { selectorLabels } from './labels';

/** Lets a node drain evict one pod of a workload at a time. */
export function disruptionBudget(
  scope: Construct,
  metadata: k8s.ObjectMeta & { readonly name: string },
): void {
  new k8s.KubePodDisruptionBudget(scope, 'DisruptionBudget', {
    metadata,
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: selectorLabels(metadata.name) },
    },
  });
}
