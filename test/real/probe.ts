import type { Manifest } from '../support/render';

/** A probe as a manifest declares it. */
export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly failureThreshold: number;
  readonly timeoutSeconds: number;
}

/** Asks once, as the kubelet does: 200 to 399 within the timeout is a yes. */
export async function probeOnce(address: string, ports: readonly Manifest[], probe: Probe): Promise<boolean> {
  const port = ports.find(({ name }) => name === probe.httpGet.port)?.containerPort;
  if (port === undefined)
    throw new Error(`the probe of ${probe.httpGet.path} names no port of its container`);
  try {
    const signal = AbortSignal.timeout(probe.timeoutSeconds * 1000);
    const response = await fetch(`http://${address}:${port}${probe.httpGet.path}`, {
      signal,
      redirect: 'manual',
    });
    await response.arrayBuffer();
    return response.status >= 200 && response.status < 400;
  } catch {
    return false;
  }
}
