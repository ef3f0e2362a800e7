import { at, isMap, type Json, textAt } from '../kubernetes/json';
import type { Desired } from './desired';

/** A datasource in Grafana, regardless of who created it. */
export interface GrafanaDatasource {
  readonly name: string | undefined;
  readonly uid: string | undefined;
  readonly url: string | undefined;
  /** Whether a file provisions it, so that people cannot edit it. */
  readonly readOnly: boolean;
}

/** A datasource in a response of Grafana or in a provisioning file. */
export const grafanaDatasource = (one: Json): GrafanaDatasource => ({
  name: textAt(one, 'name'),
  uid: textAt(one, 'uid'),
  url: textAt(one, 'url'),
  readOnly: at(one, 'readOnly') === true,
});

/** Name of the export section with Grafana's response. */
export const GRAFANA_SECTION = 'GrafanaDatasource';

/** Queries Grafana inside its container, whose environment contains the login, so that nobody else needs it. */
const ASK =
  'curl -sSfL -u "$GF_SECURITY_ADMIN_USER:$GF_SECURITY_ADMIN_PASSWORD" ' +
  '"http://localhost:${GF_SERVER_HTTP_PORT:-3000}/api/datasources"';

/** kubectl arguments that list Grafana's pods, by the label of its chart. */
export const grafanaPods = ({ settings }: Desired): string[] => [
  ...['get', 'pods', '-n', settings.grafana.namespace, '-l', 'app.kubernetes.io/name=grafana'],
  ...['-o', 'jsonpath={.items[*].metadata.name}'],
];

/** kubectl arguments that list the datasources in a Grafana pod. */
export const askGrafana = ({ settings }: Desired, pod: string): string[] => [
  ...['exec', '-n', settings.grafana.namespace, pod, '-c', 'grafana', '--', 'sh', '-c', ASK],
];

/** Grafana's response; undefined if it is not a list of datasources. */
export function readGrafana(text: string): GrafanaDatasource[] | undefined {
  const list = parsed(/^\[.*\]$/ms.exec(text)?.[0] ?? '');
  if (!Array.isArray(list)) return undefined;
  return list
    .filter(isMap)
    .filter((one) => at(one, 'type') !== undefined)
    .map(grafanaDatasource);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
