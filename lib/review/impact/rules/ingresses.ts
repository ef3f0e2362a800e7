import { kubernetesDocs, kubernetesSource, type Rule } from './rule';

/** Rules about what routes to Services. */
export const INGRESS_RULES: readonly Rule[] = [
  {
    id: 'ingress-class-controller',
    types: ['networking.k8s.io/IngressClass'],
    paths: ['spec.controller'],
    effect: 'refused',
    says: 'its controller cannot be changed',
    reason: 'spec.controller of an IngressClass is immutable.',
    source: kubernetesSource('apis/networking/validation/validation.go#L588'),
    steps: () => ['add an IngressClass with another name, and let each Ingress name it when you are ready'],
  },
  {
    id: 'ingress-class',
    types: ['networking.k8s.io/Ingress'],
    paths: ['spec.ingressClassName', 'metadata.annotations[kubernetes.io/ingress.class]'],
    effect: 'live',
    says: 'another controller serves it: its address outside is another one',
    reason:
      'The old controller drops the routes, the new one makes its own load balancer; DNS has to follow.',
    source: kubernetesDocs('concepts/services-networking/ingress/#ingress-class'),
  },
  {
    id: 'load-balancer-group',
    types: ['networking.k8s.io/Ingress'],
    paths: [
      'metadata.annotations[alb.ingress.kubernetes.io/group.name]',
      'metadata.annotations[alb.ingress.kubernetes.io/load-balancer-name]',
      'metadata.annotations[alb.ingress.kubernetes.io/scheme]',
    ],
    effect: 'live',
    says: 'it moves to another load balancer, with another address',
    reason:
      'Group, name and scheme of an ALB are fixed when it is made, so the controller makes another one.',
    source:
      'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ingressgroup',
  },
  {
    id: 'endpoint-slice',
    types: ['discovery.k8s.io/EndpointSlice'],
    paths: ['addressType'],
    effect: 'refused',
    says: 'its address type cannot be changed',
    reason: 'addressType of an EndpointSlice is immutable.',
    source: kubernetesDocs('concepts/services-networking/endpoint-slices/#address-types'),
    steps: () => ['add an EndpointSlice with another name'],
  },
];
