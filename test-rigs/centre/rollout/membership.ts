import { createHash } from "node:crypto";
import type { Plan } from "./plan.ts";

const SPACE = 2 ** 48;

/**
 * Where `gateway` stands in rollouts with `salt`, from 0 to below 1: a hash of both. It depends on no
 * other gateway, so that nobody changes rings when the fleet grows; and on the rollout, so that it is
 * not the same gateways that go first each time.
 */
export function shareOf(salt: string, gateway: string): number {
  const text = JSON.stringify([salt, gateway]);
  const known = shares.get(text);
  if (known !== undefined) return known;
  const share = createHash("sha256").update(text).digest().readUIntBE(0, 6) / SPACE;
  if (shares.size >= SHARES_MAX) shares.clear();
  shares.set(text, share);
  return share;
}

/** Asked for at every look at the fleet; so many are kept. */
const shares = new Map<string, number>();
const SHARES_MAX = 500_000;

/** The ring of `gateway`, from 0: the first for a canary, else that which reaches its share. */
export function ringOf({ rings, canaries }: Plan, salt: string, gateway: string): number {
  if (canaries.includes(gateway)) return 0;
  const share = shareOf(salt, gateway) * 100;
  const at = rings.findIndex(({ upTo }) => share < upTo);
  return at < 0 ? rings.length - 1 : at;
}

/**
 * The id of the order to `gateway`, the nonce that its proof must name. The same attempt has the same
 * id, however often it is made: what is sent twice acts once.
 */
export function nonceOf(salt: string, gateway: string, attempt: number): string {
  const hash = createHash("sha256").update(JSON.stringify(["order", salt, gateway, attempt]));
  return hash.digest("base64url").slice(0, 32);
}

/** The first `each` gateways of every kind by their shares: canaries that leave no kind untried. */
export function canariesOf(
  fleet: readonly { readonly gateway: string; readonly kind: string | null }[],
  salt: string,
  each: number,
): readonly string[] {
  const kinds = Map.groupBy(fleet, ({ kind }) => kind);
  return [...kinds.values()].flatMap((members) =>
    members
      .map(({ gateway }) => ({ gateway, share: shareOf(salt, gateway) }))
      .toSorted((a, b) => a.share - b.share)
      .slice(0, each)
      .map(({ gateway }) => gateway),
  );
}
