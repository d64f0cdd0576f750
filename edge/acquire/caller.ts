import type { CallerIdentity } from "../../config/gateway-config.ts";

/** Who may dial in, and the bus that it is. */
export type Caller = {
  readonly bus: string;
  readonly identity: CallerIdentity;
  /** What it sends to keep its connection, in hexadecimal; null where it sends nothing. */
  readonly heartbeat: string | null;
};

/**
 * Who has dialled in.
 *
 * - `caller`: the peer of `bus`, unless something comes yet that makes it another one
 * - `unsure`: it may yet send a registration that is known, or is amid what follows one
 * - `stranger`: nobody who may
 */
export type Recognised =
  | { readonly kind: "caller"; readonly bus: string }
  | { readonly kind: "unsure" | "stranger" };

/**
 * Whom a connection is from that comes from `address` and has brought the bytes `sent` so far. A
 * registration counts only whole: who goes on as `DTU-12` is not `DTU-1`. Behind it may come line
 * ends, the same again, and heartbeats.
 */
export function recognise(
  callers: readonly Caller[],
  address: string,
  sent: Uint8Array,
): Recognised {
  const text = hexOf(sent);
  let isUnsure = false;
  for (const { bus, identity, heartbeat } of callers) {
    if (identity.kind === "peer") {
      if (identity.address === address.toLowerCase()) return { kind: "caller", bus };
    } else if (text.startsWith(identity.hex)) {
      const follows = [identity.hex, ...(heartbeat === null ? [] : [heartbeat]), ...LINE_ENDS];
      const rest = restBehind(text, identity.hex.length, follows);
      if (rest === "") return { kind: "caller", bus };
      isUnsure ||= follows.some((packet) => packet.startsWith(rest));
    } else {
      isUnsure ||= identity.hex.startsWith(text);
    }
  }
  return { kind: isUnsure ? "unsure" : "stranger" };
}

/** What ends a text in hexadecimal, as devices send it: CR, LF, NUL. */
const LINE_ENDS = ["0d", "0a", "00"];

/** What is left of `text` from `from` on without the whole packets of `follows` that come first. */
function restBehind(text: string, from: number, follows: readonly string[]): string {
  for (let at = from; ; ) {
    const packet = follows.find((each) => each !== "" && text.startsWith(each, at));
    if (packet === undefined) return text.slice(at);
    at += packet.length;
  }
}

/** An identity in words for a person. */
export function describeIdentity(identity: CallerIdentity): string {
  return identity.kind === "peer"
    ? `the address ${identity.address}`
    : `the registration ${describeBytes(bytesOf(identity.hex))}`;
}

/** So many bytes are told of what somebody sent. */
const TOLD_MAX = 64;

/**
 * Bytes as a person would read them: as text where they are, else in hexadecimal; of many only the
 * first, and how many they are.
 */
export function describeBytes(bytes: Uint8Array): string {
  const told = bytes.subarray(0, TOLD_MAX);
  const isText = told.every((byte) => byte > 0x20 && byte < 0x7f);
  const text = isText ? `'${String.fromCharCode(...told)}'` : hexOf(told);
  return told.length === bytes.length ? text : `${text}... (${bytes.length} bytes)`;
}

/** The bytes that `hex` names, two digits each. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
