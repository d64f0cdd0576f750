import { messageOf } from "../../../edge/core/errors.ts";
import { PEERS, type Peer } from "./peers.ts";
import type { Cell, Row } from "./section.ts";

/** What came of all peers, run by run; a peer that could not do it says why instead. */
export class Results<T> {
  readonly #all: (T[] | string)[] = PEERS.map(() => []);

  /** The peers that did not fail so far, with their places among all. */
  remaining(): readonly (readonly [at: number, peer: Peer])[] {
    return [...PEERS.entries()].filter(([at]) => typeof this.#all[at] !== "string");
  }

  /** Waits for what the peer at `at` is doing; null where that fails, and it is out. */
  async attempt<R>(at: number, doing: Promise<R>): Promise<R | null> {
    try {
      return await doing;
    } catch (error) {
      this.#all[at] = messageOf(error).split("\n")[0] ?? "";
      return null;
    }
  }

  /** A sentence for each peer that failed, with a space before it. */
  failures(): string {
    return this.#all
      .map((own, at) =>
        typeof own === "string" ? ` ${PEERS[at]?.name} was not measured: ${own}.` : "",
      )
      .join("");
  }

  /** Notes what a run of the peer at `at` came to. */
  add(at: number, result: T): void {
    const own = this.#all[at];
    if (typeof own === "object") own.push(result);
  }

  /** What the peer at `at` came to in each run; nothing where it failed. */
  of<R>(at: number, figure: (result: T) => R): readonly R[] {
    const own = this.#all[at];
    return typeof own === "object" ? own.map(figure) : [];
  }

  /** A row of all peers. */
  row(name: string, digits: number, figure: (result: T) => number, isDrawn = false): Row {
    const cells = this.#all.map(
      (own): Cell => (typeof own === "string" ? "not measured" : own.map(figure)),
    );
    return { name, digits, cells, isDrawn };
  }
}
