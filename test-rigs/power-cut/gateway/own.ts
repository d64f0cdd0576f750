import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigStore } from "../../../edge/world/config-store.ts";
import type { EstServer } from "../../../edge/world/identity/est-client.ts";
import { promote } from "../../../edge/world/identity/files.ts";
import { Identity } from "../../../edge/world/identity/keeper.ts";

/** Nobody breaks anything off. */
export const NEVER: AbortSignal = new AbortController().signal;

/** Configurations, whatever is in them. */
export const CONFIGS = {
  first: `${"# the first\n".repeat(400)}site: a\n`,
  next: `${"# the next\n".repeat(500)}site: b\n`,
};

/** What notes of a gateway hold, whatever is in them. */
export const NOTES = {
  first: `{"note":1,"text":"${"a".repeat(600)}"}`,
  second: `{"note":2,"text":"${"b".repeat(900)}"}`,
};

/** Whoever gives identities, and the claim to one. */
export type Enrolling = { readonly server: EstServer | null; readonly claim: string };

/** Where the identity of the gateway in `dir` is. */
export function identityDir(dir: string): string {
  return join(dir, "var", "identity");
}

/** The identity of the gateway in `dir`, on a board. */
export function identityIn(dir: string, { server, claim }: Enrolling, board = "board-1"): Identity {
  mkdirSync(join(dir, "var"), { recursive: true });
  const settings = { dir: identityDir(dir), gateway: "gw-1", server, claim: [claim] };
  return new Identity(settings, board);
}

/** A renewed certificate has worked. */
export function promoteIn(dir: string): void {
  promote(identityDir(dir));
}

/** The configuration of the gateway in `dir`. */
export function storeIn(dir: string): ConfigStore {
  mkdirSync(join(dir, "etc"), { recursive: true });
  return new ConfigStore(join(dir, "etc", "gateway.yaml"));
}
