import process from "node:process";

/** Aborts at the first SIGINT or SIGTERM, so that what there is by then is told; the second ends. */
export function endSignal(): AbortSignal {
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => end.abort());
  return end.signal;
}
