import {
  missingCount,
  type SeqSet,
  seqSetIn,
  seqText,
  union,
  withSeq,
} from "../../edge/core/seq-set.ts";

/** What one receiver of several has got: message numbers by gateway and stream. */
export class Tally {
  readonly #got = new Map<string, SeqSet>();
  messages = 0;
  bytes = 0;
  /** What came and is no message of a gateway. */
  strange = 0;

  /** Notes the message in `payload`. */
  take(payload: Uint8Array): void {
    const message = messageIn(payload);
    if (message === null) {
      this.strange++;
      return;
    }
    this.messages++;
    this.bytes += payload.length;
    const { gateway, stream, seq } = message;
    const key = `${gateway} ${stream}`;
    this.#got.set(key, withSeq(this.#got.get(key) ?? [], seq));
  }

  /** As it is told to who asked for it; `talliesOf` reads it. */
  text(): string {
    const got = [...this.#got].map(([key, set]) => [key, seqText(set)]);
    const { messages, bytes, strange } = this;
    return JSON.stringify({ messages, bytes, strange, got });
  }
}

function messageIn(payload: Uint8Array) {
  try {
    const { gateway, stream, seq, series } = JSON.parse(Buffer.from(payload).toString());
    const isMessage = typeof gateway === "string" && typeof stream === "string";
    const isFull = Array.isArray(series) && series.length > 0;
    return isMessage && isFull && Number.isSafeInteger(seq) && seq > 0
      ? { gateway, stream, seq: seq as number }
      : null;
  } catch {
    // No JSON: it is counted, and what it stands for is missing.
    return null;
  }
}

/** What several receivers got between them. */
export type Together = {
  readonly messages: number;
  readonly bytes: number;
  readonly distinct: number;
  /** Messages that a gateway numbered and nobody got. */
  readonly gaps: number;
  readonly repeated: number;
  /** What came and is no message of a gateway that sent. */
  readonly strange: number;
};

/** Joins what receivers told, beside the highest number of each gateway that sent. */
export function together(
  texts: readonly string[],
  sent: Readonly<Record<string, number>>,
): Together {
  const all = new Map<string, SeqSet>();
  let [messages, bytes, strange] = [0, 0, 0];
  for (const text of texts) {
    const told = JSON.parse(text) as {
      readonly messages: number;
      readonly bytes: number;
      readonly strange: number;
      readonly got: readonly (readonly [string, string])[];
    };
    messages += told.messages;
    bytes += told.bytes;
    strange += told.strange;
    for (const [key, set] of told.got) {
      all.set(key, union(all.get(key) ?? [], seqSetIn(set) ?? []));
    }
  }
  let [distinct, gaps] = [0, 0];
  for (const [gateway, highest] of Object.entries(sent)) {
    const set = all.get(`${gateway} ${gateway}-R`) ?? [];
    const missing = missingCount(set, highest);
    gaps += missing;
    distinct += highest - missing;
  }
  return { messages, bytes, distinct, gaps, repeated: messages - distinct, strange };
}
