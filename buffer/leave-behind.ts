import { existsSync } from "node:fs";
import { join } from "node:path";
import { setAsideForBoard } from "./aside.ts";
import { takeLock } from "./lock.ts";
import { guarded } from "./sqlite-errors.ts";

/**
 * Has the buffer in `dir`, which the gateway `owner` wrote on another `board`, begun anew: its card was
 * copied or moved, and that board may add rows under the same keys. What is stored is kept beside it;
 * returns where, or null where there was nothing. Throws `buffer.busy` where a gateway uses it.
 */
export function leaveBehind(dir: string, owner: string, board: string): string | null {
  const file = join(dir, "lifeline.db");
  if (!existsSync(file)) return null;
  return guarded(file, () => {
    const lock = takeLock(join(dir, "lifeline.lock"));
    try {
      return setAsideForBoard(owner, board, file).file;
    } finally {
      lock.close();
    }
  });
}
