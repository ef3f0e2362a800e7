import { type PanelOf, type PanelProps, panel } from '../panel';

/** Log lines, newest first, each with its fields and its links. */
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
