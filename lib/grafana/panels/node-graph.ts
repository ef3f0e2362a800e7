import { type PanelOf, type PanelProps, panel } from '../panel';
import type { DataLink } from '../schema';

/**
 * A graph of services that call each other. Each node has a link in addition to those of its datasource, which open
 * Explore.
 */
export function nodeGraph({
  link,
  ...props
}: PanelProps & { readonly link: DataLink }): PanelOf<'nodeGraph'> {
  return panel('nodeGraph', props, {
    options: { layoutAlgorithm: 'layered', zoomMode: 'cooperative' },
    // A field that nodes have and edges do not.
    overrides: [
      { matcher: { id: 'byName', options: 'title' }, properties: [{ id: 'links', value: [link] }] },
    ],
  });
}
