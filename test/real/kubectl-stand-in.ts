import { mkdtempSync, writeFileSync } from 'node:fs';
import { createExisting, writeKubeconfig } from './existing-cluster';
import { findProgram, PROGRAMS } from './programs';
import type { Stack } from './stack';

/** Services of kube-prometheus-stack: the labels that they are found by, and their port. */
const EXISTING = {
  'prometheus-operated': { labels: { 'operated-prometheus': 'true' }, port: 9090 },
  'prometheus-grafana': { labels: { 'app.kubernetes.io/name': 'grafana' }, port: 80 },
};

/**
 * Makes the stack look like one in a cluster, and a kubectl that reaches it: all of it is the real one but `logs`
 * and `port-forward`, which need a kubelet. Returns the variables to run a command with.
 *
 * @param existing Address of the Prometheus and the Grafana that exist.
 */
export async function kubectlStandIn(
  stack: Stack,
  folder: string,
  existing: string,
): Promise<Record<string, string>> {
  await createExisting(stack.api);
  for (const [name, { labels, port }] of Object.entries(EXISTING)) {
    const metadata = { name, namespace: 'monitoring', labels };
    await stack.api.apply({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port }] } });
  }
  const hosts: Record<string, string> = {};
  const logs: Record<string, string> = {};
  for (const name of Object.keys(EXISTING)) hosts[name] = existing;
  for (const { name } of stack.networkedPods) {
    hosts[name] = stack.pod(name).address;
    logs[name] = stack.pod(name).logFile;
  }
  const bin = mkdtempSync(`${folder}/kubectl-`);
  const play = [process.execPath, 'scripts/run.cjs', 'test/real/kubelet-calls.ts'].join(' ');
  const cases = `case " $* " in *" port-forward "* | *" logs "*) exec ${play} "$@" ;; esac`;
  const script = `#!/bin/sh\n${cases}\nexec ${findProgram(PROGRAMS.kubectl)} "$@"\n`;
  writeFileSync(`${bin}/kubectl`, script, { mode: 0o755 });
  return {
    KUBECONFIG: writeKubeconfig(stack.api, folder, 'admin'),
    KUBELET_HOSTS: JSON.stringify(hosts),
    KUBELET_LOGS: JSON.stringify(logs),
    PATH: `${bin}:${process.env['PATH']}`,
  };
}
