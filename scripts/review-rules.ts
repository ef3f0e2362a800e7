import { gatewayReview } from '../lib/gateway/review';
import { grafanaReview } from '../lib/grafana/review';
import { ingressReview } from '../lib/ingress/review';
import { eventCollectorReview } from '../lib/kubernetes-events/review';
import { logsReview } from '../lib/logs/review';
import { lokiReview } from '../lib/loki/review';
import { monitoringReview } from '../lib/monitoring/review';
import { otelAgentReview } from '../lib/otel-agent/review';
import { promtailReview } from '../lib/promtail/review';
import type { ComponentReview } from '../lib/review/component-review';
import { readRuleTexts } from '../lib/review/rule-text';
import { RuleBook } from '../lib/review/rules/rules';
import { tempoReview } from '../lib/tempo/review';
import { tenantsReview } from '../lib/tenants/review';
import { tracingReview } from '../lib/tracing/review';

const components: readonly ComponentReview[] = [
  lokiReview,
  logsReview,
  promtailReview,
  otelAgentReview,
  eventCollectorReview,
  tempoReview,
  tracingReview,
  grafanaReview,
  monitoringReview,
  ingressReview,
  gatewayReview,
  tenantsReview,
];

/** What each component knows about changes to its own objects, with the rules and texts of all components. */
export const REVIEW_RULES = {
  components,
  rules: new RuleBook(components.flatMap(({ rules = [] }) => rules)),
  texts: readRuleTexts(['lib/review/rules.md', ...components.map(({ texts }) => texts)]),
};
