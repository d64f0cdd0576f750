import type { UptimeMs } from "../core/time.ts";
import type { Next } from "./outbox.ts";

/** Takes what became of a message: true when it was delivered. */
type Settle = (isTaken: boolean) => void;

/** What goes as one publication. */
export type Bundled = {
  readonly kind: Next["kind"];
  readonly isBacklog: boolean;
  /** How many messages of contract v1 it holds, and how many readings these do. */
  readonly messages: number;
  readonly readings: number;
  readonly topic: string;
  /** The key of its message; null where there are several. */
  readonly key: string | null;
  /** One message as it is, several as the elements of a JSON array. */
  readonly json: string;
  /** To be called with what became of it. */
  readonly settle: Settle;
};

/**
 * Messages of one topic that wait for company. Each keeps its key and its bytes: an array of
 * messages may be another one when they are sent again, a message never is.
 */
export class Bundle {
  readonly #bytesMax: number;
  #parts: { readonly next: Next; readonly settle: Settle }[] = [];
  #bytes = 0;
  #begun: UptimeMs | null = null;

  /** It is full at `bytesMax` bytes of JSON; at 0 with one message. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Since when its first message waits; null while there is none. */
  get begun(): UptimeMs | null {
    return this.#begun;
  }

  get isFull(): boolean {
    return this.#parts.length > 0 && this.#bytes >= this.#bytesMax;
  }

  add(next: Next, settle: Settle, now: UptimeMs): void {
    this.#begun ??= now;
    this.#bytes += next.message.payload.length;
    this.#parts.push({ next, settle });
  }

  /** All that waited, as one; null where nothing did. */
  take(): Bundled | null {
    const parts = this.#parts;
    const [first] = parts;
    this.forget();
    if (first === undefined) return null;
    const texts = parts.map(({ next }) => String(next.message.payload));
    return {
      kind: first.next.kind,
      isBacklog: first.next.isBacklog,
      messages: parts.length,
      readings: parts.reduce((sum, { next }) => sum + next.readings, 0),
      topic: first.next.message.topic,
      key: parts.length === 1 ? (first.next.message.key ?? null) : null,
      json: texts.length === 1 ? (texts[0] as string) : `[${texts.join(",")}]`,
      settle: (isTaken) => {
        for (const { settle } of parts) settle(isTaken);
      },
    };
  }

  /** Nothing of it is sent: its session is over, and the outbox knows what is owed. */
  forget(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.#begun = null;
  }
}
