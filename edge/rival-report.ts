import type { Turn } from "./gateway-event.ts";

/** Tells where peers with one identity displace each other, and knows where they do so now. */
export class RivalReport {
  readonly #tell: (turn: Turn) => void;
  /** The addresses of the peers, by bus. */
  readonly #addresses = new Map<string, readonly string[]>();

  constructor(tell: (turn: Turn) => void) {
    this.#tell = tell;
  }

  /** Where the peers of `bus` dial in from that displace each other; empty while none do. */
  of(bus: string): readonly string[] {
    return this.#addresses.get(bus) ?? [];
  }

  /** Peers began to displace each other on `bus`, the last from `addresses`; null: it is over. */
  turned(bus: string, addresses: readonly string[] | null): void {
    const about = { kind: "bus", subject: bus } as const;
    if (addresses === null) {
      this.#addresses.delete(bus);
      this.#tell({ ...about, from: "rivals", to: "single", cause: "quiet" });
      return;
    }
    this.#addresses.set(bus, addresses);
    const detail = { addresses: addresses.join(" ") };
    this.#tell({ ...about, from: "single", to: "rivals", cause: "same-identity", detail });
  }
}
