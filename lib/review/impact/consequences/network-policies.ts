import { type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { directions, edgesOf, pods } from '../policy-edges';
import { kubernetesDocs } from '../rules/rule';
import { listed } from '../words';

const SOURCE = kubernetesDocs('concepts/services-networking/network-policies/');

const isPolicy = (object: Manifest) => typeOf(object) === 'networking.k8s.io/NetworkPolicy';

/** Connections that network policies let through, or cut. */
export function networkPolicies({ changed, created, deleted }: Context): Finding[] {
  return [
    ...changed.filter(({ new: object }) => isPolicy(object)).flatMap(changedPolicy),
    ...created.filter(isPolicy).map(newPolicy),
    ...deleted.filter(isPolicy).map(goneOnes),
  ];
}

function changedPolicy({ old, new: next, changes }: Context['changed'][number]): Finding[] {
  const finding = (effect: Finding['effect'], rule: string, says: string, reason: string): Finding => ({
    effect,
    rule,
    object: next,
    title: `${nameOf(next)} (${pods(next)}) ${says}`,
    reason,
    source: SOURCE,
    changes,
  });
  const [before, after] = [edgesOf(old), edgesOf(next)];
  const opened = after.filter((edge) => !before.includes(edge));
  const closed = before.filter((edge) => !after.includes(edge));
  const free = directions(old).filter((direction) => !directions(next).includes(direction));
  return [
    ...(pods(old) === pods(next)
      ? []
      : [
          finding(
            'access',
            'policy-pods',
            'is about other pods now',
            'Pods that no policy selects any more accept and send everything.',
          ),
        ]),
    ...(free.length === 0
      ? []
      : [
          finding(
            'access',
            'policy-direction',
            `restricts ${free.join(' and ')} no more`,
            'A direction that no policy of a pod names is open.',
          ),
        ]),
    ...(opened.length === 0
      ? []
      : [
          finding(
            'access',
            'policy-opens',
            `lets through: ${listed(opened)}`,
            'Policies add up: a connection that one of them allows is allowed.',
          ),
        ]),
    ...(closed.length === 0
      ? []
      : [
          finding(
            'live',
            'policy-closes',
            `lets through no more: ${listed(closed)}`,
            'Connections that no policy of the pod allows are dropped; some network plug-ins cut those that exist.',
          ),
        ]),
  ];
}

function newPolicy(object: Manifest): Finding {
  const edges = edgesOf(object);
  return {
    effect: 'live',
    rule: 'policy-isolates',
    object,
    title: `${nameOf(object)}: from now on ${pods(object)} let through in ${directions(object).join(' and ')} only what a policy allows: ${edges.length === 0 ? 'nothing' : listed(edges)}`,
    reason:
      'The first policy that selects a pod closes the direction for all that no policy allows. It needs a network plug-in that enforces policies.',
    source: SOURCE,
    changes: [],
  };
}

function goneOnes(object: Manifest): Finding {
  return {
    effect: 'access',
    rule: 'policy-gone',
    object,
    title: `${nameOf(object)} is gone from the manifests: once it is deleted, ${pods(object)} that no other policy selects are open in ${directions(object).join(' and ')}`,
    reason: 'A pod that no policy selects accepts and sends everything.',
    source: SOURCE,
    changes: [],
  };
}
