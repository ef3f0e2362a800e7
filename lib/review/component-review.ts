import type { Json } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/object';
import type { Change } from './diff/change';
import type { ClusterChange } from './diff/objects';
import type { DraftFinding, Effect } from './finding';
import type { FieldRule, ObjectRule } from './rule';

/** What a component knows about changes to its own objects, configs and daemon; it is passed to the review. */
export interface ComponentReview {
  /** Markdown file with the texts of its rules. */
  readonly texts: string;
  readonly daemon?: DaemonReview;
  readonly configs?: readonly ConfigReview[];
  /** Rules about fields that only this component understands, such as annotations. */
  readonly rules?: readonly ObjectRule[];
  readonly consequences?: readonly Consequence[];
  /** Labels of ConfigMaps and Secrets by which a program other than their pods picks them up. */
  readonly watchedLabels?: readonly string[];
}

/** What a restart of a daemon means to people. */
export interface DaemonReview {
  readonly title: string;
  /** Last part of the repository of its images. */
  readonly images: readonly string[];
  /** What is unavailable during a restart. */
  readonly without: string;
  /** What a restart costs, even one without a gap. */
  readonly cost: string;
  /** What an older version makes of the data or config of a newer one. */
  readonly downgrade: string;
}

/** Two versions of a daemon's config. */
export interface ConfigVersions {
  readonly old: Json;
  readonly new: Json;
  /** The volume that holds the daemon's data, in bytes. */
  readonly volume?: { readonly name: string; readonly old: number; readonly new: number };
  /** The day of the review, as `2026-11-24`. */
  readonly today: string;
}

/** A rule about keys of a config. */
export type ConfigRule = FieldRule<ConfigVersions>;

/** What changes of several keys mean together. */
export interface ConfigFinding extends Omit<DraftFinding, 'object' | 'changes'> {
  /** The keys behind it, as patterns. */
  readonly paths: readonly string[];
}

/** What changes of one kind of config file mean. */
export interface ConfigReview {
  /** What the file configures, such as `Loki`. */
  readonly title: string;
  /** Whether a document is such a file. */
  readonly matches: (document: Json) => boolean;
  /** The rule for a file that appears or disappears, where the program reads whatever files there are. */
  readonly anyFile?: { readonly effect: Effect; readonly rule: string };
  /** Of several rules that match a key, the first counts. A key that matches none is reported as unknown. */
  readonly rules: readonly ConfigRule[];
  /** Conclusions from several keys; their paths count as known. */
  readonly findings?: (versions: ConfigVersions) => readonly ConfigFinding[];
}

/** An object that is new or different. */
export interface AppliedObject {
  /** Missing for a new object. */
  readonly old?: KubernetesObject;
  readonly new: KubernetesObject;
  /** What matters to a running cluster: without changes that have no effect. */
  readonly changes: readonly Change[];
  /** Whether the API server refuses the object, so that none of its changes takes place. */
  readonly refused: boolean;
}

/** An object that both sides have. */
export interface EffectiveChange extends AppliedObject {
  readonly old: KubernetesObject;
}

/** What consequences are drawn from. */
export interface ReviewContext {
  readonly cluster: ClusterChange;
  readonly changed: readonly EffectiveChange[];
  readonly created: readonly KubernetesObject[];
  /** Objects that change, and new ones. */
  readonly applied: readonly AppliedObject[];
  readonly deleted: readonly KubernetesObject[];
  readonly components: readonly ComponentReview[];
  /** The day of the review, as `2026-11-24`. */
  readonly today: string;
}

/** Draws conclusions that no single field shows. */
export type Consequence = (context: ReviewContext) => readonly DraftFinding[];
