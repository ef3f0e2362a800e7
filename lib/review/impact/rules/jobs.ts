import { matches } from '../../diff/path';
import { at, textAt } from '../../manifests/json';
import { kubectlName, kubernetesDocs, kubernetesSource, type Rule } from './rule';

/** Where the pods of a Job may run, and how they are called: open as long as it is suspended. */
const SCHEDULING = [
  'metadata.**',
  'spec.nodeSelector.**',
  'spec.tolerations.**',
  'spec.affinity.nodeAffinity.**',
].map((path) => `spec.template.${path}`);

/** Rules about pods that run once, and pods that nothing owns. */
export const JOB_RULES: readonly Rule[] = [
  {
    id: 'job-template',
    types: ['batch/Job'],
    paths: ['spec.template.**'],
    when: ({ keys }, { old }) =>
      at(old.content, 'spec', 'suspend') !== true || !SCHEDULING.some((path) => matches(path, keys)),
    effect: 'refused',
    says: 'its pod template cannot be changed',
    reason:
      'The template of a Job is immutable, but for where its pods may run while it is suspended and was never started.',
    source: kubernetesSource('apis/batch/validation/validation.go#L637'),
    steps: ({ new: object }) => [
      `kubectl delete ${kubectlName(object)}   # ends a run that is under way`,
      'apply the new manifests, which starts it anew; or give the new Job another name',
    ],
  },
  {
    id: 'job-field',
    types: ['batch/Job'],
    paths: [
      'spec.selector.**',
      'spec.completionMode',
      'spec.podFailurePolicy.**',
      'spec.backoffLimitPerIndex',
      'spec.managedBy',
      'spec.successPolicy.**',
    ],
    effect: 'refused',
    says: 'this field of a Job cannot be changed',
    reason:
      'selector, completionMode, podFailurePolicy, backoffLimitPerIndex, managedBy and successPolicy of a Job are immutable.',
    source: kubernetesSource('apis/batch/validation/validation.go#L622'),
    steps: ({ new: object }) => [`kubectl delete ${kubectlName(object)}`, 'apply the new manifests'],
  },
  {
    id: 'job-completions',
    types: ['batch/Job'],
    paths: ['spec.completions'],
    when: (_, { new: object }) => textAt(object.content, 'spec', 'completionMode') !== 'Indexed',
    effect: 'refused',
    says: 'its completions cannot be changed',
    reason: 'spec.completions is immutable, but for an Indexed Job, where it changes along with parallelism.',
    source: kubernetesDocs('concepts/workloads/controllers/job/#elastic-indexed-jobs'),
    steps: ({ new: object }) => [`kubectl delete ${kubectlName(object)}`, 'apply the new manifests'],
  },
  {
    id: 'pod-image',
    types: ['Pod'],
    paths: ['spec.containers.*.image', 'spec.initContainers.*.image'],
    effect: 'restarts',
    says: 'the container is restarted with the new image, in place',
    reason:
      'The image is one of the few fields of a Pod that can be changed; the kubelet restarts the container.',
    source: kubernetesDocs('concepts/workloads/pods/#pod-update-and-replacement'),
  },
  {
    id: 'pod-field',
    types: ['Pod'],
    paths: ['spec.**'],
    except: ['spec.activeDeadlineSeconds'],
    effect: 'refused',
    says: 'this field of a Pod cannot be changed',
    reason:
      'Of the spec of a Pod only images and activeDeadlineSeconds can be changed by applying a manifest.',
    source: kubernetesDocs('concepts/workloads/pods/#pod-update-and-replacement'),
    steps: ({ new: object }) => [
      `kubectl delete ${kubectlName(object)}`,
      'apply the new manifests; better, let a Deployment own the pod',
    ],
  },
  {
    id: 'cron-job-template',
    types: ['batch/CronJob'],
    paths: ['spec.**'],
    effect: 'live',
    says: 'its next run takes the change; a run that is under way goes on as it is',
    reason: 'A CronJob can be changed at any time; Jobs that it has started are left alone.',
    source: kubernetesDocs('concepts/workloads/controllers/cron-jobs/#modifying-a-cronjob'),
  },
];
