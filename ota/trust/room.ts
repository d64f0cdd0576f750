import { statfsSync } from "node:fs";
import { GatewayError } from "../../edge/core/errors.ts";

/** Left free on the disk whatever is fetched, in bytes. */
const SPARE_BYTES = 1_048_576;

/** Throws `ota.disk` where `folder`, which is there, has no room for `bytes` more. */
export function checkRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= bytes + SPARE_BYTES) return;
  const why = `${folder} has ${freeBytes} bytes free, and ${bytes} are still to come`;
  throw new GatewayError("ota.disk", why);
}
