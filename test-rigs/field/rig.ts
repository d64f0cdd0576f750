import { setTimeout as sleep } from "node:timers/promises";
import type { ReadingsMessage } from "../receiver/message.ts";
import type { Receiver } from "../receiver/receiver.ts";

/** One reading as the centre got it. */
export type Got = {
  readonly point: string;
  readonly at: number;
  readonly value: unknown;
  readonly quality: string;
};

/** Collects every reading that `receiver` gets, repeated messages left out. */
export function collect(receiver: Receiver): readonly Got[] {
  const got: Got[] = [];
  receiver.onMessage = (verdict) => {
    if (verdict.kind !== "new" || verdict.message.kind !== "readings") return;
    got.push(...readingsIn(verdict.message));
  };
  return got;
}

function readingsIn({ at, series }: ReadingsMessage): readonly Got[] {
  return series.flatMap(({ point, t, v, q }) =>
    t.map((offset, i) => ({
      point,
      at: at + offset,
      value: v[i],
      quality: q?.[i] ?? "good",
    })),
  );
}

/** Looks every 20 ms until `condition` holds; throws, saying `what`, after `ms`. */
export async function until(what: string, ms: number, condition: () => boolean): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${ms} ms`);
    await sleep(20);
  }
}

/** A value that tells when it was true: tenths of a second since `start`, as 16 bits hold it. */
export function truthAt(start: number, at: number): number {
  return Math.floor((at - start) / 100) % 60_000;
}
