import { isBuiltIn } from '../../kubernetes/kinds';
import { type KubernetesObject, typeOf } from '../../kubernetes/object';
import type { Leaf } from '../leaf';
import { applies, type ObjectRule, type ObjectVersions } from '../rule';
import { ACCESS_RULES } from './access';
import { CAPACITY_RULES } from './capacity';
import { DELIVERY_RULES } from './delivery';
import { IMMUTABLE_RULES } from './immutable';
import { IN_PLACE_RULES } from './in-place';
import { NO_EFFECT_RULES } from './no-effect';
import { REFUSED_RULES } from './refused';

/** Rules about Kubernetes fields. The first match applies, plus every matching rule with `beside`. */
export const KUBERNETES_RULES: readonly ObjectRule[] = [
  ...NO_EFFECT_RULES,
  ...IMMUTABLE_RULES,
  ...REFUSED_RULES,
  ...DELIVERY_RULES,
  ...ACCESS_RULES,
  ...CAPACITY_RULES,
  ...IN_PLACE_RULES,
];

/** Looks up rules. Rules are filtered by type once, because every value needs them. */
export class RuleBook {
  private readonly byType = new Map<string, readonly ObjectRule[]>();

  /** @param rules Rules of components, which take precedence over those of Kubernetes. */
  constructor(private readonly rules: readonly ObjectRule[]) {}

  /** The rules that apply to one changed value. A change without effect has no others. */
  public rulesFor(leaf: Leaf, versions: ObjectVersions): readonly ObjectRule[] {
    const matching = this.of(versions.new).filter(
      (rule) => !(leaf.inDocument && typeof rule.types === 'string') && applies(rule, leaf, versions),
    );
    const first = matching.find(({ beside }) => !beside);
    return first?.effect === 'none' ? [first] : matching.filter((rule) => rule === first || rule.beside);
  }

  private of(object: KubernetesObject): readonly ObjectRule[] {
    const type = typeOf(object);
    const known = this.byType.get(type);
    if (known !== undefined) return known;
    const found = [...NO_EFFECT_RULES, ...this.rules, ...KUBERNETES_RULES].filter(({ types }) =>
      types === '*' ? isBuiltIn(object) : types === 'any' || types.includes(type),
    );
    this.byType.set(type, found);
    return found;
  }
}
