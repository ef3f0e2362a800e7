import { at, isMap, type Json, textAt } from '../kubernetes/json';
import type { Desired } from './desired';

/** A datasource that Grafana has, whoever made it. */
export interface GrafanaDatasource {
  readonly name: string | undefined;
  readonly uid: string | undefined;
  readonly url: string | undefined;
  /** Whether a file provisions it, and people cannot edit it. */
  readonly readOnly: boolean;
}

/** A datasource of an answer of Grafana, or of a provisioning file. */
export const grafanaDatasource = (one: Json): GrafanaDatasource => ({
  name: textAt(one, 'name'),
  uid: textAt(one, 'uid'),
  url: textAt(one, 'url'),
  readOnly: at(one, 'readOnly') === true,
});

/** Name of the section of an export that holds Grafana's answer. */
export const GRAFANA_SECTION = 'GrafanaDatasource';

/** Asks Grafana inside its container, whose environment has the login: nobody else has to know it. */
const ASK =
  'curl -sSfL -u "$GF_SECURITY_ADMIN_USER:$GF_SECURITY_ADMIN_PASSWORD" ' +
  '"http://localhost:${GF_SERVER_HTTP_PORT:-3000}/api/datasources"';

/** Arguments of kubectl that list Grafana's pods, by the label of its chart. */
export const grafanaPods = ({ settings }: Desired): string[] => [
  ...['get', 'pods', '-n', settings.grafana.namespace, '-l', 'app.kubernetes.io/name=grafana'],
  ...['-o', 'jsonpath={.items[*].metadata.name}'],
];

/** Arguments of kubectl that list the datasources which a pod of Grafana has. */
export const askGrafana = ({ settings }: Desired, pod: string): string[] => [
  ...['exec', '-n', settings.grafana.namespace, pod, '-c', 'grafana', '--', 'sh', '-c', ASK],
];

/** What Grafana answered; undefined where it is no list of datasources. */
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
