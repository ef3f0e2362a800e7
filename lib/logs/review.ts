import { type KubernetesObject, nameOf, typeOf } from '../kubernetes/object';
import type { ComponentReview, ReviewContext } from '../review/component-review';
import { type DraftFinding, draft } from '../review/finding';

/** An agent that replaces another. It knows only its own positions in log files. */
function agentSwitch({ created, deleted }: ReviewContext): DraftFinding[] {
  const isAgent = (object: KubernetesObject) =>
    typeOf(object) === 'apps/DaemonSet' &&
    object.metadata.labels?.['app.kubernetes.io/component'] === 'log-agent';
  const old = deleted.find(isAgent);
  return created.filter(isAgent).flatMap((agent) =>
    old === undefined
      ? []
      : [
          draft('capacity', 'log-agent-switch', agent, {
            says: `is the log agent from now on, in the place of ${nameOf(old)}`,
          }),
        ],
  );
}

/** The effect of changes to log collection, for every agent. */
export const logsReview: ComponentReview = {
  texts: 'lib/logs/review.md',
  consequences: [agentSwitch],
};
