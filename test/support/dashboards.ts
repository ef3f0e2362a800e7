import type { Manifest } from './render';

/** Dashboards of this product in ConfigMaps, as Grafana reads them. */
export function dashboardsOf(objects: readonly Manifest[]): Manifest[] {
  return objects
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('grafana-dashboard-'))
    .flatMap(({ data }) => Object.values<string>(data).map((text) => JSON.parse(text)));
}

/** Every panel of a dashboard but its rows; one that is collapsed holds its panels. */
export function panelsOf({ panels }: Manifest): Manifest[] {
  return panels.flatMap((panel: Manifest) => (panel.type === 'row' ? panel.panels : [panel]));
}
