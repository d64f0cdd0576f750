import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toJson } from "../core/json.ts";
import { writeDurably } from "../world/durable-file.ts";

/** A card that was written and read back, as `cards.jsonl` has it. */
export type CardRecord = {
  /** Unix milliseconds. */
  readonly at: number;
  readonly gateway: string;
  readonly path: string;
  /** Serial number of the card, or of what it is read by; null where it has none. */
  readonly serial: string | null;
  /** What it holds, in bytes; null for a file. */
  readonly cardBytes: number | null;
  /** SHA-256 of the image, in hexadecimal digits. */
  readonly image: string;
};

/** `cards.jsonl` of a batch: which card is whose. The last line of a gateway is the one in force. */
export class CardLedger {
  readonly #file: string;
  readonly #records: CardRecord[];

  constructor(batch: string) {
    this.#file = join(batch, "cards.jsonl");
    this.#records = recordsIn(this.#file);
  }

  /** The card that was written last, whosever it is. */
  get newest(): CardRecord | undefined {
    return this.#records.at(-1);
  }

  /** The card of `gateway`; undefined where it has none yet. */
  cardOf(gateway: string): CardRecord | undefined {
    return this.#records.findLast((each) => each.gateway === gateway);
  }

  /** Adds a card; it is on the disk when this returns. */
  add(record: CardRecord): void {
    this.#records.push(record);
    writeDurably(this.#file, this.#records.map((each) => `${toJson(each)}\n`).join(""), 0o600);
  }
}

/** What is no record is left out: nobody but us writes them, and whoever edits one may err. */
function recordsIn(file: string): CardRecord[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as CardRecord];
    } catch {
      return [];
    }
  });
}
