import { nameOf } from '../kubernetes/object';
import { type Finding, fail, ok, unknown, warn } from './check';
import type { Cluster } from './cluster';
import type { Desired } from './desired';
import type { DestinationAnswer } from './destination-answer';
import type { DestinationRequest } from './destination-requests';
import { shellWord } from './shell';

/** Page about destinations. */
export const PAGE = 'docs/remote-stores.md';

/** Redirects after which the Go client of the agents repeats a push as a GET, without its body. */
const LOSES_BODY = [301, 302, 303];

/** What the answer of a destination means for the agents. */
export function ofAnswer(
  answer: DestinationAnswer,
  request: DestinationRequest,
  desired: Desired,
  cluster: Cluster,
): Finding {
  const { setting, url, authority } = request;
  const { hostname } = new URL(url);
  switch (answer.outcome) {
    case 'unreached':
      return unknown(
        [],
        `${setting}: this machine cannot reach ${url}: ${answer.reason}`,
        fromCluster(request, desired, cluster),
      );
    case 'tls':
      return fail(
        [],
        `${setting}: ${hostname} answers, but TLS fails: ${answer.reason}`,
        `check scheme and port of ${setting}.url; the stack has no client certificates`,
      );
    case 'certificate':
      return fail(
        authority.type === 'own' ? [authority.from] : [],
        `${setting}: the certificate of ${hostname} is not accepted: ${answer.reason}`,
        authority.type === 'own'
          ? `put the certificate authority of ${hostname} into the key ca.crt of ${nameOf(authority.from)}, or use a host name of the certificate: ${PAGE}`
          : `renew it, use a host name of the certificate, or set ${setting}.caConfigMapName for a private certificate authority: ${PAGE}`,
      );
    default:
      return ofStatus(answer, request) ?? reached(answer.status, request, desired, cluster);
  }
}

type Status = Extract<DestinationAnswer, { outcome: 'status' }>;

/** What an answer means for the agents; undefined if they can send there. */
function ofStatus(
  { status, message, location }: Status,
  { setting, settings, url }: DestinationRequest,
): Finding | undefined {
  const hasLogin = settings.authentication.type !== 'none';
  const observed = `${setting}: ${url} answers ${status}${message === '' ? '' : ` (${message})`}`;
  if (location !== undefined) {
    const losesBody = LOSES_BODY.includes(status);
    // With credentials it may not redirect to its login.
    return (losesBody && !hasLogin ? fail : warn)(
      [],
      `${observed}, a redirect to ${location}: ${losesBody ? 'a push arrives there without its data' : 'every push takes two requests'}`,
      `set ${setting}.url to the address without the redirect`,
    );
  }
  if (status === 401 && !hasLogin)
    return fail(
      [],
      `${observed}: it requires credentials or a tenant`,
      `set ${setting}.authentication, or ${setting}.tenant for a Loki or Tempo with tenants: ${PAGE}`,
    );
  if (status === 403)
    return unknown(
      [],
      `${observed}: it rejects requests without credentials, or the address of this machine`,
      `if it accepts certain addresses only, add those of the cluster${hasLogin ? '' : `; otherwise set ${setting}.authentication`}; scripts/smoke.sh tests it after the rollout`,
    );
  if ([404, 405, 501].includes(status))
    return fail(
      [],
      `${observed}: the agents would drop everything`,
      `correct ${setting}.url${'protocol' in settings ? ` or ${setting}.protocol` : ''}: ${PAGE}`,
    );
  if (status >= 500)
    return warn(
      [],
      `${observed}: it is down now`,
      'ask the team that runs it; data waits until it answers, and a long outage loses some of it',
    );
  if (hasLogin && (status < 300 || status === 422))
    return warn(
      [],
      `${observed} without credentials: anyone who reaches it can write, or it accepts data first and checks credentials later`,
      'require the credentials at the destination, and check after the rollout that data arrives there',
    );
  return status < 300 || [401, 422, 429].includes(status)
    ? undefined
    : unknown(
        [],
        `${observed}, which says nothing about pushes`,
        `check scheme, port and path of ${setting}.url; scripts/smoke.sh shows after the rollout whether data arrives`,
      );
}

/** The destination can be reached, and accepts the path. */
function reached(
  status: number,
  { setting, settings, url, authority }: DestinationRequest,
  desired: Desired,
  cluster: Cluster,
): Finding {
  const isSecure = url.startsWith('https:');
  const answers = `${setting}: this machine reaches ${url} (${status})`;
  if (isSecure && authority.type === 'unread')
    return unknown(
      [],
      `${answers}; its certificate was not checked, because preflight did not read ${authority.name}`,
      `save ca.crt of ${authority.name} to a file, then: curl --cacert ca.crt ${url}`,
    );
  const certificate = isSecure ? 'its certificate is trusted' : 'without encryption';
  const login =
    settings.authentication.type === 'none'
      ? ''
      : '; it requires credentials, which scripts/smoke.sh tests after the rollout';
  return ok(
    [
      ...cluster.namespaces([desired.settings.cluster.namespace]),
      ...(authority.type === 'own' ? [authority.from] : []),
    ],
    `${answers}, ${certificate}${login}`,
  );
}

/** How to find out from a pod whether the destination answers. */
export function fromCluster(
  { url, authority }: DestinationRequest,
  { settings }: Desired,
  cluster: Cluster,
): string {
  const { namespace } = settings.cluster;
  const curl = [
    ...['-sS', '-m', '10', ...(authority.type === 'public' ? [] : ['-k'])],
    ...['-o', '/dev/null', '-w', '%{http_code}\\n', '-X', 'POST', url],
  ];
  return `check from the cluster, where every answer except 404 and 405 is right: ${cluster.kubectl(
    `run destination-check -n ${namespace} --rm -i --restart=Never --image=curlimages/curl -- ${curl.map(shellWord).join(' ')}`,
  )}`;
}
