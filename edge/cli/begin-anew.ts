import type { IdentityStanding } from "../core/identity.ts";

/**
 * Where the identity here is another board's, so is the buffer in `bufferDir` of `gateway`: it is begun
 * anew, so that rows of this board come under keys of their own. Returns where the other one is kept,
 * or null where there was none to be begun anew. Rejects with `buffer.busy` where a gateway uses it.
 */
export async function beginAnew(
  bufferDir: string,
  gateway: string,
  { state, boundTo }: Pick<IdentityStanding, "state" | "boundTo">,
): Promise<string | null> {
  if (state !== "foreign" || boundTo === null) return null;
  const { leaveBehind } = await import("../../buffer/leave-behind.ts");
  return leaveBehind(bufferDir, gateway, boundTo);
}
