import { type PanelOf, type PanelProps, panel } from '../panel';

/** Who calls whom. */
export function nodeGraph(props: PanelProps): PanelOf<'nodeGraph'> {
  return panel('nodeGraph', props, { options: { layoutAlgorithm: 'layered', zoomMode: 'cooperative' } });
}
