import { PEERS, type Peer, whyNot } from "./peers.ts";
import type { Cell } from "./section.ts";

/** A figure of each run; or why there is none. */
export type Runs<T> = readonly T[] | string;

/** The cells of a figure of all peers. */
export function cellsOf<T>(all: readonly Runs<T>[], figure: (of: T) => number): readonly Cell[] {
  return all.map((runs) => (typeof runs === "string" ? runs : runs.map(figure)));
}

/** What the gateway came to in each run: it stands first. */
export function gatewayValues<T>(all: readonly Runs<T>[], figure: (of: T) => number) {
  const [cell] = cellsOf(all, figure);
  return typeof cell === "object" ? cell : [];
}

/** Does `measure` to each peer so many times, by turns; a peer that cannot run is not tried again. */
export async function byTurns<T>(
  runs: number,
  measure: (peer: Peer, run: number) => Promise<T>,
): Promise<readonly Runs<T>[]> {
  const all: (T[] | string)[] = PEERS.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [at, peer] of PEERS.entries()) {
      const own = all[at];
      if (typeof own !== "object") continue;
      await measure(peer, run).then(
        (figures) => own.push(figures),
        (error: unknown) => {
          all[at] = whyNot(error);
        },
      );
    }
  }
  return all;
}
