import { z } from 'zod';
import { duration, httpsUrl, objectName } from '../values/fields';

/** What an operator knows about the existing Prometheus. */
export const monitoringSettings = z
  .strictObject({
    release: objectName('Helm release')
      .default('prometheus')
      .describe(
        'Helm release of kube-prometheus-stack; its Prometheus reads ServiceMonitors with this label only.',
      ),
    scrapeInterval: duration({ atLeast: '5s', atMost: '5m', examples: ['15s', '30s'] })
      .prefault('30s')
      .describe('How often Prometheus asks for metrics.'),
    repositoryUrl: httpsUrl('https://git.example.com/platform/logs-and-traces/blob/main')
      .nullable()
      .default(null)
      .describe('Address under which people read this repository; alerts then link to their runbook.'),
  })
  .prefault({})
  .describe('The existing Prometheus.');
export type MonitoringSettings = z.output<typeof monitoringSettings>;
