import { expect, test } from '@jest/globals';
import { panel } from '../../lib/grafana/panel';
import { promql } from '../../lib/grafana/query';
import type { DashboardJson, FieldDefaults, Override, Transformation } from '../../lib/grafana/schema';
import { textOf } from '../../lib/grafana/variable';

const PROPS = {
  id: 1,
  title: 'Streams',
  description: 'Open streams.',
  width: 12,
  queries: [promql('up')],
};

test('a wrong option does not compile', () => {
  const wrong = [
    // @ts-expect-error a visualization that is not used here
    () => panel('pie', PROPS, { options: {} }),
    // @ts-expect-error an option of another visualization
    () => panel('stat', PROPS, { options: { showHeader: true } }),
    // @ts-expect-error a value that the option does not have
    () => panel('stat', PROPS, { options: { colorMode: 'foreground' } }),
    // @ts-expect-error an option below an option
    () => panel('timeseries', PROPS, { options: { legend: { position: 'right' } } }),
    // @ts-expect-error a setting of fields that another visualization has
    (): FieldDefaults<'timeseries'> => ({ custom: { width: 100 } }),
    // @ts-expect-error a setting of fields with a wrong value
    (): FieldDefaults<'table'> => ({ custom: { cellOptions: { type: 'traffic-light' } } }),
    // @ts-expect-error a visualization without settings of its fields
    (): FieldDefaults<'logs'> => ({ custom: { width: 1 } }),
    // @ts-expect-error a default of fields
    (): FieldDefaults<'stat'> => ({ unitt: 's' }),
    // @ts-expect-error a colour mode
    (): FieldDefaults<'stat'> => ({ color: { mode: 'rainbow' } }),
    // @ts-expect-error an override of a setting that there is not
    (): Override<'table'>['properties'][number] => ({ id: 'custom.colour', value: 'red' }),
    // @ts-expect-error an override with the value of another setting
    (): Override<'table'>['properties'][number] => ({ id: 'custom.width', value: '100px' }),
    // @ts-expect-error an option of a transformation
    (): Transformation => ({ id: 'filterFieldsByName', options: { names: [] } }),
    // @ts-expect-error a key of a dashboard
    (): DashboardJson => ({ graphToolTip: 1 }),
    // @ts-expect-error a key of a variable
    (): ReturnType<typeof textOf>['model'] => ({ ...textOf('a', 'A', '').model, includeEverything: true }),
  ];

  expect(wrong.length).toBeGreaterThan(0);
});

test('options of a panel are those of its visualization, as Grafana reads them', () => {
  const { type, options, defaults } = panel(
    'timeseries',
    { ...PROPS, unit: 'short' },
    {
      options: { legend: { displayMode: 'table', placement: 'right', calcs: ['max'] } },
      defaults: { custom: { drawStyle: 'bars', barWidthFactor: 1 } },
    },
  );

  expect({ type, options, defaults }).toMatchObject({
    type: 'timeseries',
    options: { legend: { displayMode: 'table', placement: 'right', calcs: ['max'] } },
    defaults: { unit: 'short', custom: { drawStyle: 'bars', barWidthFactor: 1 } },
  });
});
