import { hexOf } from "../../drivers/wire-text.ts";
import type { Exchange } from "./exchanges.ts";
import type { Evidence } from "./finding.ts";

/** So many bytes of a frame are shown. */
const SHOWN_MAX = 16;

/** The frames of one exchange as `lifeline decode` takes them, and why they are no good. */
export function frameEvidence({ sent, received, reason }: Exchange): readonly Evidence[] {
  const answer = received.length === 0 ? "" : ` < ${shown(received)}`;
  return [{ raw: `> ${shown(sent)}${answer}${reason === null ? "" : ` ! ${reason}`}` }];
}

function shown(bytes: Uint8Array): string {
  const more = bytes.length - SHOWN_MAX;
  return hexOf(bytes.subarray(0, SHOWN_MAX)) + (more > 0 ? ` … +${more}` : "");
}
