/** What a primary host last said of itself (Sparkplug B 3.0, 4.2.1: STATE). */
export type HostState = {
  readonly isOnline: boolean;
  /** Unix milliseconds, as it said. */
  readonly timestamp: number;
};

/** What a STATE message says; null where it is no JSON with `online` and `timestamp`. */
export function hostStateIn(payload: Uint8Array): HostState | null {
  try {
    const said: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    const { online, timestamp } = (said ?? {}) as { online?: unknown; timestamp?: unknown };
    if (typeof online !== "boolean" || typeof timestamp !== "number") return null;
    return Number.isSafeInteger(timestamp) ? { isOnline: online, timestamp } : null;
  } catch {
    return null;
  }
}

/**
 * What holds once `heard` came behind `last`: what is older than what was accepted last is a word
 * of a session that is over, and ignored.
 */
export function nextHostState(last: HostState | null, heard: HostState): HostState {
  return last !== null && heard.timestamp < last.timestamp ? last : heard;
}
