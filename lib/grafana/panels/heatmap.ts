import { type PanelOf, type PanelProps, panel } from '../panel';

/** Number of values in each bucket of a histogram, over time. */
export function heatmap(props: PanelProps): PanelOf<'heatmap'> {
  return panel('heatmap', props, {
    options: {
      calculate: false,
      cellGap: 1,
      color: { mode: 'scheme', scheme: 'Oranges', steps: 64 },
      legend: { show: true },
      tooltip: { mode: 'single', yHistogram: true },
      yAxis: { axisPlacement: 'left', unit: props.unit },
    },
    maxDataPoints: 60,
  });
}
