import { posix } from 'node:path';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { renderYaml } from '../constructs/config-file';
import { resourceLabels } from '../constructs/labels';
import type { LogAlertFile } from './log-alert';
import { RULES } from './storage-config';

const NAME = 'loki-log-alerts';

/** Loki's name for its only tenant. Each tenant has a folder for its rules. */
const TENANT = 'fake';

/** Properties of {@link LogAlerts}. */
export interface LogAlertsProps {
  /** Namespace of Loki. */
  readonly namespace: string;
  readonly files: readonly LogAlertFile[];
}

/** Log alerts in a ConfigMap. Loki reloads it every minute, without a restart. */
export class LogAlerts extends Construct {
  public readonly volume: k8s.Volume = { name: 'log-alerts', configMap: { name: NAME } };

  /** The tenant's folder. Without it, Loki would treat the kubelet's hidden folders as tenants. */
  public readonly mount: k8s.VolumeMount = {
    name: this.volume.name,
    mountPath: posix.join(RULES, TENANT),
    readOnly: true,
  };

  constructor(scope: Construct, id: string, { namespace, files }: LogAlertsProps) {
    super(scope, id);

    new k8s.KubeConfigMap(this, 'ConfigMap', {
      metadata: { name: NAME, namespace, labels: resourceLabels(NAME, 'logs') },
      data: Object.fromEntries(files.map(({ name, groups }) => [name, renderYaml({ groups })])),
    });
  }
}
