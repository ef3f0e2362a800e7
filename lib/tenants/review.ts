import { mapAt } from '../kubernetes/json';
import type { ComponentReview } from '../review/component-review';
import { key } from '../review/config-rules';
import { lower } from '../review/rule';

const RETENTION = ['overrides.*.retention_period', 'overrides.*.compaction.block_retention'];

/** The effect of changes to the limits of single tenants, which Loki and Tempo read from the same kind of file. */
export const tenantsReview: ComponentReview = {
  texts: 'lib/tenants/review.md',
  configs: [
    {
      title: 'the limits of tenants',
      matches: (document) => Object.keys(mapAt(document)).join() === 'overrides',
      anyFile: { effect: 'capacity', rule: 'tenant-limits' },
      rules: [
        key('deletes', 'tenant-retention-lower', RETENTION, { when: lower }),
        key('capacity', 'tenant-limits', ['overrides.**']),
      ],
    },
  ],
};
