import { canonical } from '../../diff/canonical';
import { at, type Json, listAt, mapAt, textAt } from '../../manifests/json';
import { listed } from '../words';
import type { ConfigFinding, ConfigJudge, ConfigVersions } from './config';

const DOCS = 'https://opentelemetry.io/docs/collector/configuration/';
const TAIL =
  'https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/tailsamplingprocessor';

/** What a change of an OpenTelemetry Collector's configuration does. */
export const judgeCollector: ConfigJudge = (versions) => [
  ...sampling(versions),
  ...receivers(versions),
  ...exporters(versions),
];

/** Policies by which traces are kept, by name, in words. */
function policiesOf(config: Json): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, processor] of Object.entries(mapAt(config, 'processors'))) {
    if (name.startsWith('tail_sampling'))
      for (const policy of listAt(processor, 'policies'))
        found.set(textAt(policy, 'name') ?? '', policyName(policy));
    if (name.startsWith('probabilistic_sampler'))
      found.set(name, `${textAt(processor, 'sampling_percentage') ?? '0'} %`);
  }
  return found;
}

function policyName(policy: Json): string {
  const share = textAt(policy, 'probabilistic', 'sampling_percentage');
  const slow = textAt(policy, 'latency', 'threshold_ms');
  if (share !== undefined) return `${share} %`;
  return slow === undefined ? canonical('', policy) : `slower than ${slow} ms`;
}

function sampling({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const [before, after] = [policiesOf(old), policiesOf(next)];
  const steps = [
    ...[...after].flatMap(([name, now]) => {
      const was = before.get(name);
      if (was === now) return [];
      if (was === undefined) return [`${name}: new${now.length < 40 ? ` (${now})` : ''}`];
      return [now.length + was.length < 80 ? `${name}: ${now} instead of ${was}` : `${name}: changed`];
    }),
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => `${name}: gone`),
  ];
  if (steps.length === 0) return [];
  return [
    {
      effect: 'capacity',
      rule: 'collector-sampling',
      title: `other traces are kept (${listed(steps)})`,
      reason:
        'A trace is kept when one policy says so. What is kept decides how fast the volume of Tempo fills up, and what can be looked up.',
      source: TAIL,
      paths: ['processors.**'],
    },
  ];
}

function receivers({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const open = (config: Json) =>
    Object.entries(mapAt(config, 'receivers')).flatMap(([name, receiver]) => {
      const protocols = Object.keys(mapAt(receiver, 'protocols'));
      return protocols.length === 0 ? [name] : protocols.map((protocol) => `${name}/${protocol}`);
    });
  const gone = open(old).filter((name) => !open(next).includes(name));
  if (gone.length === 0) return [];
  return [
    {
      effect: 'data-loss',
      rule: 'collector-receiver-gone',
      title: `applications that send by ${listed(gone)} are refused, and drop their spans`,
      reason: 'A receiver that is not configured does not listen.',
      source: `${DOCS}#receivers`,
      steps: ['find out who sends (otelcol_receiver_accepted_spans by receiver), and move them first'],
      paths: ['receivers.**', 'service.pipelines.**'],
    },
  ];
}

function exporters({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const endpoints = (config: Json) =>
    Object.entries(mapAt(config, 'exporters')).map(
      ([name, one]) => `${name} → ${String(at(one, 'endpoint') ?? '')}`,
    );
  const [before, after] = [endpoints(old), endpoints(next)];
  const added = after.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !after.includes(one));
  if (added.length + gone.length === 0) return [];
  return [
    {
      effect: gone.length > 0 ? 'data-loss' : 'live',
      rule: 'collector-exporter',
      title: `spans go elsewhere: ${listed([...added, ...gone.map((one) => `not ${one}`)])}`,
      reason: 'What is exported nowhere is gone; what waits in the queue of an exporter that is gone, too.',
      source: `${DOCS}#exporters`,
      ...(gone.length > 0 && {
        steps: ['keep the old exporter beside the new one until the new one is seen working'],
      }),
      paths: ['exporters.**', 'service.pipelines.**'],
    },
  ];
}
