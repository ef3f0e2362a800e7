import { type PanelOf, type PanelProps, panel } from '../panel';
import type { DataLink } from '../schema';

/** Who calls whom; a node offers a link besides those of its datasource, which lead to Explore. */
export function nodeGraph({
  link,
  ...props
}: PanelProps & { readonly link: DataLink }): PanelOf<'nodeGraph'> {
  return panel('nodeGraph', props, {
    options: { layoutAlgorithm: 'layered', zoomMode: 'cooperative' },
    // A field that nodes have, and edges do not.
    overrides: [
      { matcher: { id: 'byName', options: 'title' }, properties: [{ id: 'links', value: [link] }] },
    ],
  });
}
