import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  type KeyObject,
  randomBytes,
  scryptSync,
} from "node:crypto";
import type { Key } from "@tufjs/models";
import { z } from "zod";
import { GatewayError } from "../../edge/core/errors.ts";
import { newPrivateKey, publicKeyOf, type SigningKey, signerOf } from "./signing-key.ts";

/** scrypt (RFC 7914) with 128 MiB: a guess takes a good part of a second. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const SCRYPT_MAX_BYTES = 256 * 1024 * 1024;
/** Such as three words of a dice list. */
export const PASSPHRASE_MIN = 12;

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/i);
const open = z.object({ v: z.literal(1), name, public: z.string().regex(/^[0-9a-f]{64}$/) });
const base64 = z.base64();
const sealed = open.extend({
  sealed: z.object({
    by: z.literal("scrypt-131072-8-1+aes-256-gcm"),
    salt: base64,
    iv: base64,
    tag: base64,
    pkcs8: base64,
  }),
});

/** The public part of a key, and whose it is. */
export type PublicKey = { readonly name: string; readonly key: Key };

/** Whether a key may be called `text`. */
export function isKeyName(text: string): boolean {
  return name.safeParse(text).success;
}

/**
 * A new key of the person or machine `name`: the text of its secret file, sealed by `passphrase`,
 * and of its public one. Throws `ota.key` where the passphrase is too short.
 */
export function makeKey(name: string, passphrase: string) {
  if (passphrase.length < PASSPHRASE_MIN) {
    throw new GatewayError("ota.key", `a passphrase has at least ${PASSPHRASE_MIN} characters`);
  }
  const privateKey = newPrivateKey();
  const { key } = signerOf(privateKey);
  const about = { v: 1, name, public: `${key.keyVal["public"]}` };
  return {
    key,
    secretText: `${JSON.stringify({ ...about, sealed: seal(privateKey, passphrase) }, null, 1)}\n`,
    publicText: `${JSON.stringify(about, null, 1)}\n`,
  };
}

/** The key in a public or secret file, of which only the public part is read. Throws `ota.key`. */
export function readPublicKey(text: string, file: string): PublicKey {
  const { name, public: raw } = parsed(open, text, file);
  return { name, key: publicKeyOf(raw) };
}

/** The key in a secret file. Throws `ota.key` where it is none, or the passphrase is another. */
export function openKey(text: string, file: string, passphrase: string): SigningKey {
  const { sealed: box, public: raw } = parsed(sealed, text, file);
  const [salt, iv, tag] = [bytesOf(box.salt), bytesOf(box.iv), bytesOf(box.tag)];
  try {
    const cipher = createDecipheriv("aes-256-gcm", stretched(passphrase, salt), iv);
    cipher.setAuthTag(tag);
    const der = Buffer.concat([cipher.update(bytesOf(box.pkcs8)), cipher.final()]);
    const signer = signerOf(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
    if (signer.key.keyVal["public"] === raw) return signer;
  } catch (cause) {
    throw new GatewayError("ota.key", `${file} does not open with this passphrase`, { cause });
  }
  throw new GatewayError("ota.key", `${file} names another public key than that of its secret`);
}

function seal(key: KeyObject, passphrase: string): z.infer<typeof sealed>["sealed"] {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", stretched(passphrase, salt), iv);
  const der = key.export({ format: "der", type: "pkcs8" });
  const pkcs8 = Buffer.concat([cipher.update(der), cipher.final()]).toString("base64");
  return {
    by: "scrypt-131072-8-1+aes-256-gcm",
    salt: salt.toString("base64"),
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    pkcs8,
  };
}

function stretched(passphrase: string, salt: Buffer): Buffer {
  const text = passphrase.normalize("NFC");
  return scryptSync(text, salt, 32, { ...COST, maxmem: SCRYPT_MAX_BYTES });
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, "base64");
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new GatewayError("ota.key", `${file} holds no key of this kind`, { cause });
  }
}
