import type { Edge, Peer, Port, Workload } from '../constructs/connection';
import type { ForeignPeers } from './peers';

/** A workload, and ports that it listens on. */
interface Server<P extends string> {
  readonly pods: Workload;
  readonly ports: Readonly<Record<P, readonly Port[]>>;
}

/** Everybody in a cluster who connects, or is connected to. */
export interface Connected {
  readonly loki: Server<'http'>;
  readonly tempo: Server<'http' | 'receivers'>;
  /** Undefined where clients sample, and send to Tempo. */
  readonly collector: Server<'receivers' | 'metrics'> | undefined;
  readonly promtail: Server<'metrics'>;
  readonly foreign: ForeignPeers;
  /** Whether requests come in from outside the cluster. */
  readonly exposed: boolean;
}

/** Every connection that there may be. Loki and Tempo look nobody up, and connect to nobody. */
export function connections({ loki, tempo, collector, promtail, foreign, exposed }: Connected): Edge[] {
  const { grafana, prometheus, applications, dns, apiServer } = foreign;
  const readers: Peer[] = [grafana, prometheus, ...(exposed ? [foreign.ingressController] : [])];
  const entrance = collector ?? tempo;
  const watchers = [promtail.pods, ...(collector ? [collector.pods] : [])];
  return [
    { from: [promtail.pods, ...readers], to: loki.pods, ports: loki.ports.http },
    { from: readers, to: tempo.pods, ports: tempo.ports.http },
    { from: [applications], to: entrance.pods, ports: entrance.ports.receivers },
    ...(collector
      ? [
          { from: [collector.pods], to: tempo.pods, ports: tempo.ports.receivers },
          { from: [prometheus], to: collector.pods, ports: collector.ports.metrics },
        ]
      : []),
    { from: [prometheus], to: promtail.pods, ports: promtail.ports.metrics },
    { from: watchers, to: dns, ports: dns.ports },
    { from: watchers, to: apiServer, ports: apiServer.ports },
  ];
}
