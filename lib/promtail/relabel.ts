import { EXCLUDE_ANNOTATION, PARSER_ANNOTATION, PARSERS, type Parser } from '../logs/annotations';
import type { PromtailSettings } from './settings';

/** One step that converts Kubernetes metadata of a pod to labels, or drops the pod. */
export interface RelabelConfig {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: 'drop' | 'keep';
}

/** Label with the format of a pod, while its labels are made. */
export const FORMAT_LABEL = '__tmp_parser';

/** Name of the meta label that Prometheus service discovery creates for an annotation. */
const annotation = (name: string) =>
  `__meta_kubernetes_pod_annotation_${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;

/**
 * Builds the labels of a container's streams, for pods with one format. It creates every label of the closed list; a
 * stage drops those that the settings omit.
 */
export function relabelConfigs(
  settings: PromtailSettings,
  parser: Parser,
  podLogsDirectory: string,
  clusterName: string | undefined,
): RelabelConfig[] {
  const drop = (label: string, regex: string): RelabelConfig => ({
    source_labels: [label],
    regex,
    action: 'drop',
  });
  const copy = (label: string, target: string): RelabelConfig => ({
    source_labels: [label],
    target_label: target,
  });
  return [
    drop(annotation(EXCLUDE_ANNOTATION), 'true'),
    ...settings.excludedNamespaces.map((namespace) => drop('__meta_kubernetes_namespace', namespace)),
    drop('__meta_kubernetes_pod_container_name', ''),
    { target_label: FORMAT_LABEL, replacement: 'auto' },
    // With any other value, `auto` stays in effect.
    {
      source_labels: [annotation(PARSER_ANNOTATION)],
      regex: `(${PARSERS.join('|')})`,
      target_label: FORMAT_LABEL,
    },
    { source_labels: [FORMAT_LABEL], regex: parser, action: 'keep' },
    // The name of a ReplicaSet is the name of its Deployment plus a hash that changes with every release.
    {
      source_labels: ['__meta_kubernetes_pod_controller_name'],
      regex: '([0-9a-z-.]+?)(-[0-9a-f]{8,10})?',
      target_label: '__tmp_controller',
    },
    {
      source_labels: [
        '__meta_kubernetes_pod_label_app_kubernetes_io_name',
        '__meta_kubernetes_pod_label_app',
        '__tmp_controller',
        '__meta_kubernetes_pod_name',
      ],
      separator: ';',
      regex: ';*([^;]+)(;.*)?',
      target_label: 'app',
    },
    ...(clusterName === undefined ? [] : [{ target_label: 'cluster', replacement: clusterName }]),
    copy('__meta_kubernetes_namespace', 'namespace'),
    copy('__meta_kubernetes_pod_name', 'pod'),
    copy('__meta_kubernetes_pod_container_name', 'container'),
    copy('__meta_kubernetes_pod_node_name', 'node'),
    { source_labels: ['namespace', 'app'], separator: '/', target_label: 'job' },
    ...['__meta_kubernetes_pod_uid', annotation('kubernetes.io/config.hash')].map((uid) =>
      logPath(uid, podLogsDirectory),
    ),
  ];
}

/**
 * The log files of a container. The kubelet names the folder of a pod after its uid. For a static pod it uses a
 * hash, which it stores in an annotation.
 */
function logPath(uidLabel: string, podLogsDirectory: string): RelabelConfig {
  return {
    source_labels: [uidLabel, '__meta_kubernetes_pod_container_name'],
    separator: '/',
    regex: '([^/]+/.+)',
    target_label: '__path__',
    replacement: `${podLogsDirectory}/*$1/*.log`,
  };
}
