import { GatewayError } from "../../edge/core/errors.ts";
import type { ReleaseContents } from "../release/manifest.ts";

type BufferUse = Pick<ReleaseContents, "version" | "buffer">;

/**
 * Throws `ota.one-way` where `next` must not follow `now`: it must be able to use the buffer as `now`
 * leaves it, and leave it so that `now` can use it again.
 */
export function checkWayBack(now: BufferUse, next: BufferUse): void {
  for (const [reader, writer] of [
    [next, now],
    [now, next],
  ] as const) {
    if (canUse(reader, writer)) continue;
    const why = `${reader.version} cannot use the buffer as ${writer.version} leaves it`;
    throw new GatewayError("ota.one-way", why);
  }
}

/** Whether `reader` can use the buffer as `writer` leaves it: a newer one brings it on. */
export function canUse(reader: BufferUse, writer: BufferUse): boolean {
  const { writes } = reader.buffer;
  return writes >= writer.buffer.writes || writer.buffer.opens.includes(writes);
}
