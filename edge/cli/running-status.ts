import type { Status } from "../control/status.ts";
import { callControl, isNobodyThere } from "../world/control-socket.ts";

/**
 * What the gateway that serves `socket` says of itself; null where none runs. Rejects as
 * `callControl` does where one is there and cannot be asked.
 */
export async function runningStatus(socket: string): Promise<Status | null> {
  try {
    return (await callControl(socket, "status")) as Status;
  } catch (error) {
    if (isNobodyThere(error)) return null;
    throw error;
  }
}
