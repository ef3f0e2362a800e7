import type { Json } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/object';
import type { Change } from './diff/change';
import type { ClusterChange } from './diff/objects';
import type { DraftFinding, Effect } from './finding';
import type { FieldRule, ObjectRule } from './rule';

/** What the review needs to know about a component: its objects, configs and daemon. */
export interface ComponentReview {
  /** Markdown file with the texts of its rules. */
  readonly texts: string;
  readonly daemon?: DaemonReview;
  readonly configs?: readonly ConfigReview[];
  /** Rules about fields that only this component understands, such as annotations. */
  readonly rules?: readonly ObjectRule[];
  readonly consequences?: readonly Consequence[];
  /** Labels of ConfigMaps and Secrets that a program other than their pods selects. */
  readonly watchedLabels?: readonly string[];
}

/** What a restart of a daemon means for users. */
export interface DaemonReview {
  readonly title: string;
  /** Last part of the repository of its images. */
  readonly images: readonly string[];
  /** What is unavailable during a restart. */
  readonly without: string;
  /** What a restart costs, even without an outage. */
  readonly cost: string;
  /** What happens when an older version reads data or config of a newer one. */
  readonly downgrade: string;
}

/** Two versions of a daemon's config. */
export interface ConfigVersions {
  readonly old: Json;
  readonly new: Json;
  /** The volume that holds the daemon's data, in bytes. */
  readonly volume?: { readonly name: string; readonly old: number; readonly new: number };
  /** Number of pods that read it, if they belong to one workload that is not a DaemonSet. */
  readonly replicas?: { readonly old: number; readonly new: number };
  /** The day of the review, as `2026-11-24`. */
  readonly today: string;
}

/** A rule about keys of a config. */
export type ConfigRule = FieldRule<ConfigVersions>;

/** Combined effect of changes to several keys. */
export interface ConfigFinding extends Omit<DraftFinding, 'object' | 'changes'> {
  /** Key patterns behind it. */
  readonly paths: readonly string[];
  /** Sections that are new or gone as a whole, so that no rule about a single key applies to them. @default none */
  readonly whole?: readonly string[];
}

/** Effects of changes to one kind of config file. */
export interface ConfigReview {
  /** What the file configures, such as `Loki`. */
  readonly title: string;
  /** Whether a document is a config of this kind. */
  readonly matches: (document: Json) => boolean;
  /** The rule for an added or removed file, for programs that read a whole folder. */
  readonly anyFile?: { readonly effect: Effect; readonly rule: string };
  /** The first rule that matches a key applies. A key without a rule is reported as unknown. */
  readonly rules: readonly ConfigRule[];
  /** Findings that depend on several keys. Their paths count as known. */
  readonly findings?: (versions: ConfigVersions) => readonly ConfigFinding[];
}

/** A new or changed object. */
export interface AppliedObject {
  /** Missing for a new object. */
  readonly old?: KubernetesObject;
  readonly new: KubernetesObject;
  /** Changes that affect a running cluster, without those that have no effect. */
  readonly changes: readonly Change[];
  /** Whether the API server rejects the object, so that none of its changes takes effect. */
  readonly refused: boolean;
}

/** An object on both sides. */
export interface EffectiveChange extends AppliedObject {
  readonly old: KubernetesObject;
}

/** Input of consequences. */
export interface ReviewContext {
  readonly cluster: ClusterChange;
  readonly changed: readonly EffectiveChange[];
  readonly created: readonly KubernetesObject[];
  /** Changed and new objects. */
  readonly applied: readonly AppliedObject[];
  readonly deleted: readonly KubernetesObject[];
  readonly components: readonly ComponentReview[];
  /** Date of the review, as `2026-11-24`. */
  readonly today: string;
}

/** Derives findings that no single field shows. */
export type Consequence = (context: ReviewContext) => readonly DraftFinding[];
