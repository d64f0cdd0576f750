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

  /** Notes the message in `payload`; one that is none counts as received all the same. */
  take(payload: Uint8Array): void {
    this.messages++;
    this.bytes += payload.length;
    const { gateway, stream, seq } = JSON.parse(Buffer.from(payload).toString()) as {
      readonly gateway: string;
      readonly stream: string;
      readonly seq: number;
    };
    const key = `${gateway} ${stream}`;
    this.#got.set(key, withSeq(this.#got.get(key) ?? [], seq));
  }

  /** As it is told to who asked for it; `talliesOf` reads it. */
  text(): string {
    const got = [...this.#got].map(([key, set]) => [key, seqText(set)]);
    return JSON.stringify({ messages: this.messages, bytes: this.bytes, got });
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
};

/** Joins what receivers told, beside the highest number of each gateway that sent. */
export function together(
  texts: readonly string[],
  sent: Readonly<Record<string, number>>,
): Together {
  const all = new Map<string, SeqSet>();
  let [messages, bytes] = [0, 0];
  for (const text of texts) {
    const told = JSON.parse(text) as {
      readonly messages: number;
      readonly bytes: number;
      readonly got: readonly (readonly [string, string])[];
    };
    messages += told.messages;
    bytes += told.bytes;
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
  return { messages, bytes, distinct, gaps, repeated: messages - distinct };
}
