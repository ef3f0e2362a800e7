import type { LokiSettings } from './settings';

/** Port for gRPC between replicas. */
export const GRPC_PORT = 9095;

/** Port on which replicas exchange who is in the ring. */
export const GOSSIP_PORT = 7946;

/** Headless Service by which replicas find each other. */
export const RING_SERVICE = 'loki-headless';

/** Replicas that store each line. Two of three have to acknowledge it, so that one may be away. */
export const COPIES = 3;

/** Number of Lokis that store each stream. */
export function copiesOf({ replicas }: Pick<LokiSettings, 'replicas'>): number {
  return replicas > 1 ? COPIES : 1;
}

/**
 * An ingester waits 15 seconds after its start, so that other members of a ring discover it. A ring of one has no other
 * members, and Loki's two ingesters wait one after the other: each restart was an outage of 31 seconds.
 */
const READY_AT_ONCE = { min_ready_duration: '0s' } as const;

/** Where the ring is. */
export interface RingPlace {
  readonly namespace: string;
  /** Domain of Services inside the cluster. */
  readonly dnsDomain: string;
}

/** The parts of `loki.yaml` that depend on whether there are other replicas. */
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
      // The default of 2h keeps handing queries to a replica whose node is gone, and they hang.
      grpc_server_keepalive_time: '10s',
      grpc_server_keepalive_timeout: '5s',
    },
    common: {
      replication_factor: COPIES,
      instance_addr: '${POD_IP}',
      // On the volume: a pod that returns takes over its part of the ring again.
      persist_tokens: true,
      ring: {
        kvstore: { store: 'memberlist' },
        heartbeat_period: '15s',
        heartbeat_timeout: '1m',
      },
    },
    memberlist: {
      // Keeps other software that gossips, such as Mimir, out of the ring.
      cluster_label: `loki.${namespace}`,
      join_members: [`dns+${RING_SERVICE}.${namespace}.svc.${dnsDomain}:${GOSSIP_PORT}`],
      // The first pod of a cold start finds nobody.
      abort_if_cluster_join_fails: false,
      rejoin_interval: '30s',
    },
    ingester: {
      // Otherwise a pod that never returns, such as one of a lost node, keeps new ones from becoming ready.
      autoforget_unhealthy: true,
    },
    // The ingester has waited for its ring already, and this one's losing a few patterns is no loss of lines.
    patternIngester: { lifecycler: READY_AT_ONCE },
    // The others have what is in memory. A flush of each pod in turn would make a rollout slow and its chunks small.
    flushOnShutdown: false,
    // Otherwise each replica would evaluate every rule.
    rulerSharding: { enable_sharding: true },
  } as const;
}
