import { createHash, randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { EstServer } from "../../edge/world/identity/est-client.ts";
import { Identity, type IdentitySettings } from "../../edge/world/identity/keeper.ts";
import { tempDir } from "../processes/child.ts";
import type { EnrolmentServer } from "./enrolment-server.ts";

/** Adds a claim for `gateway` to the server in `dir`, good until `expires`; returns it. */
export function newClaim(dir: string, gateway: string, expires = Date.now() + 3_600_000): string {
  const text = randomBytes(12).toString("hex");
  const claim = createHash("sha256").update(text).digest("hex");
  appendFileSync(join(dir, "claims.jsonl"), `${JSON.stringify({ gateway, claim, expires })}\n`);
  return text;
}

/** How `server` is reached. */
export function wayTo({ url, authority }: EnrolmentServer): EstServer {
  return { url, ca: authority.file };
}

/** A gateway that is to be enrolled: its identity on a board called so, in a folder of its own. */
export function newGateway(
  settings: Partial<IdentitySettings> & { readonly board?: string | null } = {},
): { readonly dir: string; readonly identity: Identity } {
  const { board = null, dir = tempDir("identity"), ...others } = settings;
  const all = { dir, gateway: "gw-1", server: null, claim: null, ...others };
  return { dir, identity: new Identity(all, board) };
}
