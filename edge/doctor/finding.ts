import type { WallMs } from "../core/time.ts";
import type { EvidenceKey, FindingCode } from "./catalogue.ts";

/** How sure a finding is: nothing else fits; this fits best; this is one of several that fit. */
export type Sure = "certain" | "likely" | "possible";

/** `fault`: something does not work. `warning`: it works, and will not for long, or less well. */
export type Severity = "fault" | "warning";

/** What is filled in for the `{placeholders}` of a text. */
export type Values = Readonly<Record<string, string | number>>;

/** One thing that was seen: a sentence of the catalogue, or what the system or the wire said. */
export type Evidence =
  | { readonly key: EvidenceKey; readonly values: Values }
  | { readonly raw: string };

/** The cause of something that is wrong, and what speaks for it. Plain data. */
export type Finding = {
  readonly code: FindingCode;
  /** The bus, device, point, destination, file or part of the machine that it is about. */
  readonly subject: string;
  /** Filled in beside `{subject}`. */
  readonly values?: Values;
  /** Since when; null where nothing tells. */
  readonly since: WallMs | null;
  readonly sure: Sure;
  readonly severity: Severity;
  readonly evidence: readonly Evidence[];
  /** Subjects whose findings are only consequences of this one. */
  readonly explains?: readonly string[];
};

/** A finding with those that are only its consequences. */
export type Told = Finding & { readonly folded: readonly Finding[] };
