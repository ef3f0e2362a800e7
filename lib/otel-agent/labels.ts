import { quoted, quotedList, where } from '../collector/ottl';
import { EXCLUDE_ANNOTATION, PARSER_ANNOTATION, PARSERS } from '../logs/annotations';
import { type LogsSettings, labelsOfStreams } from '../logs/settings';

/** Environment variable with the node name, which the agent uses to request only the pods of its node. */
export const NODE_NAME_VARIABLE = 'NODE_NAME';

/** `/var/log/pods/<namespace>_<pod>_<uid>/<container>/<restarts>.log`, plus the time of rotation. */
const PATH = '/(?P<namespace>[^/_]+)_(?P<pod>[^/_]+)_(?P<uid>[^/_]+)/(?P<container>[^/]+)/[^/]+$';

/** Controllers whose name is the workload name. A ReplicaSet has the name of its Deployment plus a hash. */
const CONTROLLERS = ['replicaset', 'statefulset', 'daemonset', 'job'];

const attribute = (name: string) => `resource.attributes[${quoted(name)}]`;
const cache = 'resource.cache';
const metadata = (name: string) => attribute(`k8s.${name}.name`);

/** Pod metadata from the path of a log file. */
export function podOfFile() {
  return onResources([
    `merge_maps(${cache}, ExtractPatterns(${attribute('path')}, ${quoted(PATH)}), "upsert")`,
    `set(${attribute('k8s.namespace.name')}, ${cache}["namespace"])`,
    `set(${attribute('k8s.pod.name')}, ${cache}["pod"])`,
    `set(${attribute('k8s.container.name')}, ${cache}["container"])`,
  ]);
}

/**
 * Pod metadata from Kubernetes.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/processor/k8sattributesprocessor
 */
export const POD_METADATA = {
  auth_type: 'serviceAccount',
  filter: { node_from_env_var: NODE_NAME_VARIABLE },
  // Lines that are read earlier would have no app.
  wait_for_metadata: true,
  wait_for_metadata_timeout: '30s',
  extract: {
    metadata: ['k8s.node.name', ...CONTROLLERS.map((one) => `k8s.${one}.name`)],
    labels: [
      { tag_name: 'app_name', key: 'app.kubernetes.io/name', from: 'pod' },
      { tag_name: 'app_label', key: 'app', from: 'pod' },
    ],
    annotations: [
      { tag_name: 'parser', key: PARSER_ANNOTATION, from: 'pod' },
      { tag_name: 'exclude', key: EXCLUDE_ANNOTATION, from: 'pod' },
    ],
  },
  // For a static pod, the folder name contains a hash instead of the uid.
  pod_association: [
    {
      sources: [
        { from: 'resource_attribute', name: 'k8s.namespace.name' },
        { from: 'resource_attribute', name: 'k8s.pod.name' },
      ],
    },
  ],
};

/** The labels of a stream. Names and values are the same for every agent; there are no others. */
export function streamLabels(settings: LogsSettings, clusterName: string | undefined) {
  const { labels } = settings;
  const app = attribute('app');
  const controller = `${cache}["controller"]`;
  const unnamed = `${app} == nil or ${app} == ""`;
  return onResources([
    ...CONTROLLERS.map((one) => where(`${metadata(one)} != nil`, `set(${controller}, ${metadata(one)})`)),
    `replace_pattern(${controller}, "-[0-9a-f]{8,10}$", "")`,
    ...[attribute('app_name'), attribute('app_label'), controller, metadata('pod')].map((name, index) =>
      index === 0 ? `set(${app}, ${name})` : where(unnamed, `set(${app}, ${name})`),
    ),
    `set(${attribute('namespace')}, ${metadata('namespace')})`,
    `set(${attribute('pod')}, ${metadata('pod')})`,
    `set(${attribute('container')}, ${metadata('container')})`,
    `set(${attribute('node')}, ${metadata('node')})`,
    ...(labels.includes('job')
      ? [`set(${attribute('job')}, Concat([${metadata('namespace')}, ${app}], "/"))`]
      : []),
    ...(clusterName === undefined ? [] : [`set(${attribute('cluster')}, ${quoted(clusterName)})`]),
    `set(${attribute('parser')}, "auto") where ${attribute('parser')} == nil or not IsMatch(${attribute('parser')}, ${quoted(`^(?:${PARSERS.join('|')})$`)})`,
    `keep_keys(resource.attributes, ${quotedList([...labelsOfStreams(settings, clusterName), 'parser', 'exclude'])})`,
  ]);
}

function onResources(statements: readonly string[]) {
  return { error_mode: 'silent', log_statements: [{ context: 'resource', statements }] };
}
