import { posix } from 'node:path';
import { Construct } from 'constructs';
import { renderYaml } from '../constructs/config-file';
import { k8s } from '../constructs/k8s';
import { resourceLabels } from '../constructs/labels';
import { FORMER, REST } from '../tenants/settings';
import type { Tenant } from '../tenants/tenants';
import type { LogAlertFile } from './log-alert';
import { RULES } from './storage-config';

const NAME = 'loki-log-alerts';

/** Properties of {@link LogAlerts}. */
export interface LogAlertsProps {
  /** Namespace of Loki. */
  readonly namespace: string;
  readonly files: readonly LogAlertFile[];
  /** Tenants of Loki. */
  readonly tenants: readonly Tenant[];
}

/** Log alerts in a ConfigMap. Loki reloads it every minute, without a restart. */
export class LogAlerts extends Construct {
  public readonly volumes: readonly k8s.Volume[];

  /** A folder for each tenant. Without it, Loki would treat the kubelet's hidden folders as tenants. */
  public readonly mounts: readonly k8s.VolumeMount[];

  constructor(scope: Construct, id: string, { namespace, files, tenants }: LogAlertsProps) {
    super(scope, id);

    const used = files.filter(
      ({ tenant }) => tenant === undefined || tenants.some(({ name }) => name === tenant),
    );
    const hasTenants = tenants.length > 0;
    new k8s.KubeConfigMap(this, 'ConfigMap', {
      metadata: { name: NAME, namespace, labels: resourceLabels(NAME, 'logs') },
      data: Object.fromEntries(used.map((file) => [keyOf(file), renderYaml({ groups: file.groups })])),
    });
    // Alerts of one tenant do not see the lines of another.
    const folders = hasTenants
      ? [...new Set(used.map(({ tenant = REST }) => tenant))].map((tenant) => ({
          tenant,
          volume: `log-alerts-${tenant}`,
          items: used
            .filter((file) => (file.tenant ?? REST) === tenant)
            .map((file) => ({ key: keyOf(file), path: file.name })),
        }))
      : [{ tenant: FORMER.loki, volume: 'log-alerts', items: undefined }];
    this.volumes = folders.map(({ volume, items }) => ({ name: volume, configMap: { name: NAME, items } }));
    this.mounts = folders.map(({ tenant, volume }) => ({
      name: volume,
      mountPath: posix.join(RULES, tenant),
      readOnly: true,
    }));
  }
}

const keyOf = ({ name, tenant }: LogAlertFile) => (tenant === undefined ? name : `${tenant}.${name}`);
