import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { caseManifests, configOf, type Manifest } from '../../support/render';
import { findProgram, hasComponent, PROGRAMS, REMOTE_SAMPLING_ONLY, reportedVersion } from '../programs';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const EXTENSION = 'jaegerremotesampling';

/** Legacy Jaeger clients that ask for a sampling strategy are told to send everything. */
export const remoteSamplingScenario: Scenario = {
  name: 'remote-sampling',
  title: 'Remote sampling: what legacy Jaeger clients are told (case jaeger)',
  needs: ['otel-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const objects = caseManifests('jaeger');
    if (hasComponent(findProgram(PROGRAMS['otel-collector']) as string, EXTENSION)) {
      await wholeCollector(objects, folder, report);
      return;
    }
    report.skip(
      'remote sampling, the whole collector',
      `this otelcol-contrib was built without ${EXTENSION}`,
    );
    const other = findProgram(REMOTE_SAMPLING_ONLY);
    if (other) await extensionOnly(other, objects, folder, report);
    else
      report.skip(
        'remote sampling, the extension by itself',
        `needs ${REMOTE_SAMPLING_ONLY.name}: ${REMOTE_SAMPLING_ONLY.get}`,
      );
  },
};

async function wholeCollector(objects: readonly Manifest[], folder: string, report: Run['report']) {
  const stack = await Stack.create({ folder, objects, withApi: true });
  try {
    await stack.start('otel-collector');
    await ask(stack.pod('otel-collector').address, report);
  } finally {
    await stack.stop();
  }
}

/** The extension as it is rendered, but for the path of its file, in a collector that does nothing else. */
async function extensionOnly(
  program: string,
  objects: readonly Manifest[],
  folder: string,
  report: Run['report'],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { data } = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'otel-collector',
  );
  for (const [name, text] of Object.entries<string>(data)) writeFileSync(join(folder, name), text);
  const extension = configOf(objects, 'otel-collector').extensions[EXTENSION];
  const source = { file: extension.source.file.replace('/etc/otelcol', folder) };
  const file = join(folder, 'extension.yaml');
  const alone = {
    extensions: { [EXTENSION]: { ...extension, source } },
    receivers: { nop: {} },
    exporters: { nop: {} },
    service: {
      extensions: [EXTENSION],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['nop'], exporters: ['nop'] } },
    },
  };
  writeFileSync(file, stringify(alone));
  report.figure('version of the collector that the extension was run in', reportedVersion(program));
  const child = spawn(program, [`--config=${file}`], { stdio: 'ignore' });
  try {
    await sleep(3_000);
    await ask('127.0.0.1', report);
  } finally {
    child.kill('SIGKILL');
  }
}

async function ask(address: string, report: Run['report']): Promise<void> {
  const response = await fetch(`http://${address}:5778/sampling?service=shop`);
  report.equal('status of GET :5778/sampling?service=shop', response.status, 200);
  const share = { samplingRate: 1 };
  report.equal('strategy', await response.json(), {
    probabilisticSampling: share,
    operationSampling: {
      defaultSamplingProbability: 1,
      perOperationStrategies: [{ operation: 'any', probabilisticSampling: share }],
    },
  });
}
