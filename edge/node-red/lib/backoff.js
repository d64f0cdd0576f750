const FIRST_MS = 500;
const MAX_MS = 30_000;

/** How long to wait after so many failures in a row, in milliseconds, scattered by a quarter. */
export function backoffMs(failures, random = Math.random()) {
  const ms = Math.min(MAX_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return ms * (0.75 + random / 2);
}

/** Resolves `ms` milliseconds from now, or as soon as `signal` aborts. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
