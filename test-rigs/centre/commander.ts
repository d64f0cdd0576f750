import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Claims } from "../../edge/command/claims.ts";
import { signCommand } from "../../edge/command/signature.ts";
import type { CommandKey, Permission } from "../../edge/core/command.ts";

/** What may differ from a sound command. */
export type Over = Partial<Omit<Claims, "order">>;

/** Somebody at the centre who signs commands. */
export type Commander = {
  /** The public half, as the configuration names it. */
  readonly key: CommandKey;
  /** A new command with this order, issued at `at`: a new id, a higher counter, good for a minute. */
  sign(order: object, at: number, over?: Over): string;
};

/** Somebody called `name` with a new key that `may` this, for the gateway `gateway`. */
export function commander(
  name: string,
  may: readonly Permission[],
  gateway = "gw-1",
  privateKey: KeyObject = generateKeyPairSync("ed25519").privateKey,
): Commander {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url").toString("base64");
  let counter = 0;
  return {
    key: { name, fingerprint: publicKey.slice(0, 16), publicKey, may },
    sign: (order, at, over = {}) => {
      counter++;
      const times = { issued: at, expires: at + 60_000 };
      const content = { gateway, id: `${name}-${counter}`, counter, ...times, order, ...over };
      return signCommand(content, name, privateKey);
    },
  };
}
