import type { CallerIdentity } from "../../config/gateway-config.ts";

/** Who may dial in, and the bus that it is. */
export type Caller = { readonly bus: string; readonly identity: CallerIdentity };

/**
 * Who has dialled in.
 *
 * - `caller`: the peer of `bus`
 * - `unsure`: it may yet send a registration that is known
 * - `stranger`: nobody who may
 */
export type Recognised =
  | { readonly kind: "caller"; readonly bus: string }
  | { readonly kind: "unsure" | "stranger" };

/** Whom a connection is from that comes from `address` and has brought the bytes `sent` so far. */
export function recognise(
  callers: readonly Caller[],
  address: string,
  sent: Uint8Array,
): Recognised {
  const text = hexOf(sent);
  let isUnsure = false;
  for (const { bus, identity } of callers) {
    if (identity.kind === "peer") {
      if (identity.address === address.toLowerCase()) return { kind: "caller", bus };
    } else {
      if (text.startsWith(identity.hex)) return { kind: "caller", bus };
      isUnsure ||= identity.hex.startsWith(text);
    }
  }
  return { kind: isUnsure ? "unsure" : "stranger" };
}

/** An identity in words for a person. */
export function describeIdentity(identity: CallerIdentity): string {
  return identity.kind === "peer"
    ? `the address ${identity.address}`
    : `the registration ${describeBytes(bytesOf(identity.hex))}`;
}

/** Bytes as a person would read them: as text where they are, else in hexadecimal. */
export function describeBytes(bytes: Uint8Array): string {
  const isText = bytes.every((byte) => byte > 0x20 && byte < 0x7f);
  return isText ? `'${String.fromCharCode(...bytes)}'` : hexOf(bytes);
}

/** The bytes that `hex` names, two digits each. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
