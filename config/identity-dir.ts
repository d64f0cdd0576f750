import { join } from "node:path";

/** The folder of the gateway's identity, beside the buffer in `bufferDir`. */
export function identityDirIn(bufferDir: string): string {
  return join(bufferDir, "identity");
}
