import { canonical } from '../../diff/canonical';
import { at, type Json } from '../../manifests/json';
import type { Effect } from '../finding';

/** What a judgement of a daemon's configuration can see. */
export interface ConfigVersions {
  readonly old: Json;
  readonly new: Json;
  /** The volume that the daemon keeps its data on, in bytes; undefined where there is none to be seen. */
  readonly volume?: { readonly name: string; readonly old: number; readonly new: number };
  /** The day of the review, as `2026-11-24`. */
  readonly today: string;
}

/** What follows from a change of a daemon's configuration. */
export interface ConfigFinding {
  readonly effect: Effect;
  readonly rule: string;
  readonly title: string;
  readonly reason: string;
  readonly source: string;
  readonly steps?: readonly string[];
  /** Sections of the file that it follows from, as patterns. */
  readonly paths: readonly string[];
}

/** Reads the old and the new configuration of one sort of daemon. */
export type ConfigJudge = (versions: ConfigVersions) => readonly ConfigFinding[];

/** Of some sections, those that are not the same. */
export function changedAt({ old, new: next }: ConfigVersions, paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const keys = path.split('.');
    return canonical('', at(old, ...keys) ?? null) !== canonical('', at(next, ...keys) ?? null);
  });
}
