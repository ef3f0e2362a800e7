import { at, listAt, mapAt } from '../../kubernetes/json';
import { labelSelectorAt, selects } from '../../kubernetes/selectors';
import { becomes, type ObjectRule, rule } from '../rule';

const WORKLOADS = ['apps/Deployment', 'apps/DaemonSet', 'apps/StatefulSet'];
const CRD = ['apiextensions.k8s.io/CustomResourceDefinition'];
const [RECREATE, ON_DELETE] = [becomes('Recreate'), becomes('OnDelete')];

/** Whether a strategy leaves its details to the API server, which then owns them. */
const leftToDefaults = (object: unknown, field: string) =>
  Object.keys(mapAt(object, 'spec', field, 'rollingUpdate')).length === 0;

/** Rules about combinations that the API server rejects. */
export const REFUSED_RULES: readonly ObjectRule[] = [
  rule('refused', 'template-labels', WORKLOADS, ['spec.template.metadata.labels.**'], {
    when: (_, { new: object }) =>
      !selects(
        labelSelectorAt(object, 'spec', 'selector'),
        mapAt(object, 'spec', 'template', 'metadata', 'labels'),
      ),
  }),
  rule('refused', 'recreate-beside-rolling-update', ['apps/Deployment'], ['spec.strategy.type'], {
    when: (leaf, { new: object }) => RECREATE(leaf) && !leftToDefaults(object, 'strategy'),
  }),
  rule('refused', 'recreate-after-default', ['apps/Deployment'], ['spec.strategy.type'], {
    when: (leaf, { old }) => RECREATE(leaf) && leftToDefaults(old, 'strategy'),
  }),
  rule('refused', 'on-delete-after-default', ['apps/StatefulSet'], ['spec.updateStrategy.type'], {
    when: (leaf, { old }) => ON_DELETE(leaf) && leftToDefaults(old, 'updateStrategy'),
  }),
  rule('refused', 'stored-version-gone', CRD, ['spec.versions.*.name'], {
    when: ({ old: version, new: next }, { old }) =>
      next === undefined &&
      listAt(old, 'spec', 'versions').some(
        (one) => at(one, 'name') === version && at(one, 'storage') === true,
      ),
  }),
];
