/** What a forecast is computed from. */
export type Growth = {
  /** Wall time of the oldest and newest message looked at, in milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
  /** How many messages were stored between them. */
  readonly messages: number;
  /** Bytes that one message or event takes on disk, on average over all that is stored. */
  readonly bytesEach: number;
};

/** How long the buffer can keep everything. */
export type Forecast = Growth & {
  /** Bytes that are still to be had: of `buffer.max`, or of the disk where it has less. */
  readonly roomBytes: number;
  /** Whether the disk is what ends it, not `buffer.max`. */
  readonly endsWithDisk: boolean;
  readonly bytesPerHour: number;
  /** If nothing is delivered from now on: when the oldest that is owed must go, in milliseconds. */
  readonly lossInMs: number;
};

/** A shorter time tells nothing of a rate, in milliseconds. */
const SPAN_MIN_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * How long the buffer lasts at the rate of `growth`: everything that is not owed makes room first.
 * Null where too little is stored to tell. `maxBytes` is null where no limit is known.
 */
export function forecastOf(
  growth: Growth,
  bytes: {
    readonly usedBytes: number;
    readonly owedBytes: number;
    readonly maxBytes: number | null;
    /** What the disk and the free pages of the database have left. */
    readonly freeBytes: number;
  },
): Forecast | null {
  const spanMs = growth.toAt - growth.fromAt;
  const bytesPerMs = (growth.messages * growth.bytesEach) / spanMs;
  if (spanMs < SPAN_MIN_MS || !(bytesPerMs > 0)) return null;
  const disk = bytes.usedBytes + bytes.freeBytes;
  const limit = Math.min(bytes.maxBytes ?? disk, disk);
  const roomBytes = Math.max(0, limit - bytes.owedBytes);
  return {
    ...growth,
    roomBytes,
    endsWithDisk: limit === disk,
    bytesPerHour: bytesPerMs * HOUR_MS,
    lossInMs: roomBytes / bytesPerMs,
  };
}
