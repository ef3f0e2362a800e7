import { k8s } from './k8s';

/**
 * A StatefulSet whose claim templates state their kind, as the API server stores them. The list has one owner as a whole,
 * so Argo CD with server-side apply would otherwise always find a difference. The class of cdk8s-plus-27 omits both fields.
 *
 * @see https://github.com/argoproj/argo-cd/issues/11143
 */
export class StatefulSet extends k8s.KubeStatefulSet {
  public override toJson() {
    const { spec, ...rest } = super.toJson();
    const { volumeClaimTemplates: templates, ...others } = spec;
    if (templates === undefined) return { ...rest, spec };
    const kind = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
    const volumeClaimTemplates = templates.map((template: object) => ({ ...kind, ...template }));
    return { ...rest, spec: { ...others, volumeClaimTemplates } };
  }
}
