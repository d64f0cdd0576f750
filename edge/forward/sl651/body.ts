import type { Head } from "./values.ts";

/** One thing that a body says, in the order of the wire. `raw` is hexadecimal or characters. */
export type Part =
  /** Whose data follow: the address as in the header. */
  | { readonly kind: "station"; readonly address: string }
  /** The class of the station: one character. */
  | { readonly kind: "class"; readonly letter: string }
  /** When what follows was observed, YYMMDDHHmm; spans of time are named by their end. */
  | { readonly kind: "time"; readonly at: string }
  | { readonly kind: "element"; readonly head: Head; readonly raw: string }
  | { readonly kind: "parameter"; readonly head: Head; readonly raw: string }
  /** Something asked for, without data. */
  | { readonly kind: "identifier"; readonly head: Head }
  /** The time between two data: ddhhmm in BCD, or DRD, DRH, DRN and two digits. */
  | { readonly kind: "step"; readonly raw: string }
  /** Data at equal steps; of several elements in turn, which only characters allow. */
  | { readonly kind: "uniform"; readonly heads: readonly Head[]; readonly raws: readonly string[] }
  /** From when to when is asked for, YYMMDDHH each. */
  | { readonly kind: "span"; readonly from: string; readonly to: string }
  /** What a person entered, a character a byte. */
  | { readonly kind: "manual"; readonly text: string }
  /** A picture, JPEG. */
  | { readonly kind: "picture"; readonly bytes: Uint8Array }
  /** The version of the software, a character a byte. */
  | { readonly kind: "version"; readonly text: string }
  /** Counters of an event record, in the order of `EVENTS`. */
  | { readonly kind: "counters"; readonly counts: readonly number[] }
  /** Bytes of which no more is told. */
  | { readonly kind: "data"; readonly bytes: Uint8Array };

/** What a body says. */
export type Body = {
  /** 1 to 65535, 0 where the centre begins; null in a packet that is not the first. */
  readonly serial: number | null;
  /** When it was sent, YYMMDDHHmmSS; null in a packet that is not the first. */
  readonly sentAt: string | null;
  readonly parts: readonly Part[];
};
