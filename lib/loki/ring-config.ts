import type { LokiSettings } from './settings';

/** gRPC port between replicas. */
export const GRPC_PORT = 9095;

/** Port on which replicas exchange the ring membership. */
export const GOSSIP_PORT = 7946;

/** Headless Service that replicas use to find each other. */
export const RING_SERVICE = 'loki-headless';

/** Number of replicas that store each line. Two of three must acknowledge it, so one can be unavailable. */
export const COPIES = 3;

/** Number of Loki replicas that store each stream. */
export function copiesOf({ replicas }: Pick<LokiSettings, 'replicas'>): number {
  return replicas > 1 ? COPIES : 1;
}

/**
 * An ingester waits 15 seconds after its start, so that other ring members discover it. A ring of one has no other
 * members. Loki's two ingesters wait one after the other, so each restart was an outage of 31 seconds.
 */
const READY_AT_ONCE = { min_ready_duration: '0s' } as const;

/** Location of the ring. */
export interface RingPlace {
  readonly namespace: string;
  /** DNS domain of Services in the cluster. */
  readonly dnsDomain: string;
}

/** The sections of `loki.yaml` that depend on whether there are other replicas. */
export function ringSections({ replicas }: Pick<LokiSettings, 'replicas'>, place: RingPlace) {
  return replicas === 1 ? ONE : several(place);
}

const ONE = {
  // Only Loki connects to its own gRPC port.
  grpc: { grpc_listen_address: '127.0.0.1', grpc_listen_port: GRPC_PORT },
  common: {
    // The default of 3 waits for two ingesters that do not exist.
    replication_factor: 1,
    // Otherwise Loki looks for a private address and finds none on pod networks such as 100.64.0.0/10.
    instance_addr: '127.0.0.1',
    ring: { kvstore: { store: 'inmemory' } },
  },
  memberlist: undefined,
  ingester: { lifecycler: READY_AT_ONCE },
  patternIngester: { lifecycler: READY_AT_ONCE },
  // A clean stop leaves nothing to replay, so the next start is fast.
  flushOnShutdown: true,
  rulerSharding: undefined,
} as const;

/** @see https://grafana.com/docs/loki/v3.7.x/configure/#memberlist */
function several({ namespace, dnsDomain }: RingPlace) {
  return {
    grpc: {
      grpc_listen_port: GRPC_PORT,
      // With the default of 2h, queries are still sent to a replica on a lost node, and they hang.
      grpc_server_keepalive_time: '10s',
      grpc_server_keepalive_timeout: '5s',
    },
    common: {
      replication_factor: COPIES,
      instance_addr: '${POD_IP}',
      // On the volume, so that a returning pod takes over its part of the ring again.
      persist_tokens: true,
      ring: {
        kvstore: { store: 'memberlist' },
        heartbeat_period: '15s',
        heartbeat_timeout: '1m',
      },
    },
    memberlist: {
      // Keeps other software that uses memberlist, such as Mimir, out of the ring.
      cluster_label: `loki.${namespace}`,
      join_members: [`dns+${RING_SERVICE}.${namespace}.svc.${dnsDomain}:${GOSSIP_PORT}`],
      // The first pod of a cold start finds no other members.
      abort_if_cluster_join_fails: false,
      rejoin_interval: '30s',
    },
    ingester: {
      // Otherwise a pod that never returns, such as one on a lost node, prevents new pods from becoming ready.
      autoforget_unhealthy: true,
    },
    // The ingester has already waited for its ring. If this ring loses a few patterns, no lines are lost.
    patternIngester: { lifecycler: READY_AT_ONCE },
    // Other replicas have the same data in memory. Flushing each pod would slow rollouts and create small chunks.
    flushOnShutdown: false,
    // Otherwise each replica would evaluate every rule.
    rulerSharding: { enable_sharding: true },
  } as const;
}
