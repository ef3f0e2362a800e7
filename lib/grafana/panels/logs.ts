import { type PanelOf, type PanelProps, panel } from '../panel';

/** Log lines, newest first, with their fields and links. */
export function logs(props: PanelProps): PanelOf<'logs'> {
  return panel('logs', props, {
    options: {
      dedupStrategy: 'none',
      enableLogDetails: true,
      prettifyLogMessage: false,
      showCommonLabels: false,
      showLabels: false,
      showTime: true,
      sortOrder: 'Descending',
      wrapLogMessage: true,
    },
  });
}
