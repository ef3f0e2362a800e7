import { type Panel, type PanelProps, panel } from '../panel';

/** Who calls whom. */
export function nodeGraph(props: PanelProps): Panel {
  return panel('nodeGraph', props, { options: { layoutAlgorithm: 'layered' } });
}
