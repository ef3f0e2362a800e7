import { z } from 'zod';
import { bytes, count, duration, httpsUrl, objectName, optional } from '../values/fields';

/** From where on somebody is to know, in what differs from cluster to cluster. */
const alertThresholds = z
  .strictObject({
    volumeFillDays: count({ atLeast: 1, atMost: 14 })
      .default(4)
      .describe('Days before a volume is full, at the trend of the last day, that an alert fires.'),
    volumeFreePercent: count({ atLeast: 11, atMost: 50 })
      .default(15)
      .describe(
        'Share of a volume, of bytes or of inodes, that must be free, in percent. At 10 Loki refuses lines already.',
      ),
    limitPercent: count({ atLeast: 50, atMost: 99 })
      .default(80)
      .describe('Share of a limit, such as loki.limits.maxStreams, from which on it is near, in percent.'),
    agentLag: bytes({ atLeast: '64Ki', example: '5Mi' })
      .prefault('5Mi')
      .describe(
        'Bytes of one log file that its agent may be behind; half of containerLogMaxSize of the kubelet, as a file ' +
          'that is rotated twice meanwhile is lost.',
      ),
    queryErrorPercent: count({ atLeast: 1, atMost: 99 })
      .default(10)
      .describe('Share of queries that may fail, in percent.'),
    slowQuery: duration({ atLeast: '1s', atMost: '90s', examples: ['10s', '30s'] })
      .prefault('30s')
      .describe('Time that one in ten queries may take longer than.'),
  })
  .prefault({})
  .describe('Thresholds of alerts.');
export type AlertThresholds = z.output<typeof alertThresholds>;

/** What an operator knows about the existing Prometheus. */
export const monitoringSettings = z
  .strictObject({
    release: objectName('Helm release')
      .default('prometheus')
      .describe(
        'Helm release of kube-prometheus-stack; its Prometheus reads ServiceMonitors with this label only.',
      ),
    scrapeInterval: duration({ atLeast: '5s', atMost: '2m', examples: ['15s', '30s'] })
      .prefault('30s')
      .describe(
        'How often Prometheus asks for metrics. Alerts look at rates over 5 minutes, which need two answers.',
      ),
    repositoryUrl: optional(httpsUrl('https://git.example.com/platform/logs-and-traces/blob/main')).describe(
      'Address under which people read this repository; alerts then link to their runbook.',
    ),
    alerts: alertThresholds,
  })
  .prefault({})
  .describe('The existing Prometheus.');
export type MonitoringSettings = z.output<typeof monitoringSettings>;
