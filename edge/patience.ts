import type { Clock } from "./core/time.ts";

/**
 * Waits for `work`, at most for the milliseconds that `patience` resolves with, and not once
 * `signal` aborts, whose reason it throws then. Resolves whether `work` is done; where it is not,
 * it goes on, and what becomes of it is not told.
 */
export async function isDoneInTime(
  work: Promise<unknown>,
  patience: Promise<number>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true, signal: over.signal });
  const late = patience.then((ms) => clock.sleep(ms, over.signal)).then(() => false);
  try {
    return await Promise.race([work.then(() => true), late, aborted.promise]);
  } finally {
    over.abort();
  }
}

/** Whether `work` is done and went well, at most `ms` milliseconds from now. */
export async function isWellInTime(
  work: Promise<boolean>,
  ms: number,
  clock: Clock,
): Promise<boolean> {
  return (await isDoneInTime(work, Promise.resolve(ms), clock)) && (await work);
}
