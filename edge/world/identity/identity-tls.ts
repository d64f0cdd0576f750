import { X509Certificate } from "node:crypto";
import { GatewayError, messageOf } from "../../core/errors.ts";
import type { TlsSettings } from "../../core/uplink.ts";
import { hasFile, type IdentityFile, pathOf, promote, readOf, standingOf } from "./files.ts";
import { hardwareSerial } from "./hardware.ts";

/** The files that can be shown, the newest first. */
const SHOWN = ["next", "credential", "previous"] as const satisfies readonly IdentityFile[];

/** These say that nobody was there to see a certificate. */
const UNREACHED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"];

/** One way to show the gateway's identity. */
export type Showing = {
  readonly tls: TlsSettings;
  /** Null where none of the identity's is asked for. */
  readonly file: IdentityFile | null;
  /** To be called once it has worked. Never throws. */
  readonly taken: () => void;
};

/**
 * `tls` with the files of the gateway's identity, where it is to show that: for whoever cannot try
 * several, the certificate in force. Throws `uplink.secret` where there is none, or it is another
 * board's.
 */
export function withIdentity(
  tls: TlsSettings,
  hardware: string | null = hardwareSerial(),
): TlsSettings {
  const showings = showingsOf(tls, hardware);
  return (showings.find(({ file }) => file !== "next") ?? showings[0])?.tls ?? tls;
}

/**
 * The ways to show the identity that `tls` asks for, the newest certificate first. One that has ended
 * works nowhere and is none of them, unless all have. Throws as `withIdentity`.
 */
export function showingsOf(
  tls: TlsSettings,
  hardware: string | null = hardwareSerial(),
): readonly Showing[] {
  const { identity, ...others } = tls;
  if (identity === undefined) return [{ tls, taken: () => {}, file: null }];
  checkUsable(identity, hardware);
  const ca = hasFile(identity, "authorities") ? { ca: pathOf(identity, "authorities") } : {};
  const there = SHOWN.filter((file) => hasFile(identity, file));
  const inTime = there.filter((file) => !hasEnded(identity, file));
  return (inTime.length > 0 ? inTime : there.slice(0, 1)).map((file) => {
    const path = pathOf(identity, file);
    const taken = file === "next" ? () => promoteIn(identity) : () => {};
    return { tls: { ...ca, ...others, cert: path, key: path }, taken, file };
  });
}

/**
 * Opens a line with the gateway's identity, the newest certificate first. Once a renewed one has
 * worked at any platform it is the one in force; the one before is kept, and shown to whoever does
 * not take the new one yet, until it ends. `open` is told why a newer one was not taken. Rejects as
 * `open` does.
 */
export async function openedWith<Opened>(
  tls: TlsSettings,
  open: (tls: TlsSettings, newerRefused: string | undefined) => Promise<Opened>,
  signal: AbortSignal,
): Promise<Opened> {
  const showings = showingsOf(tls);
  let refused: string | undefined;
  for (const [at, { tls: own, taken }] of showings.entries()) {
    try {
      const opened = await open(own, refused);
      taken();
      return opened;
    } catch (error) {
      if (signal.aborted || at === showings.length - 1 || isUnreached(error)) throw error;
      // A file that is gone has become the one in force just now.
      if (!(error instanceof GatewayError && error.code === "uplink.secret")) {
        refused ??= messageOf(error);
      }
    }
  }
  throw new GatewayError("uplink.secret", "the gateway has no identity yet");
}

/** Whether `error` says that nobody was there to refuse anything, or that nobody has answered. */
export function isUnreached(error: unknown): boolean {
  const { cause } = error instanceof GatewayError ? error : { cause: error };
  if (!(cause instanceof Error)) return false;
  const isLate = cause.name === "TimeoutError" || cause.message === "connack timeout";
  return isLate || UNREACHED.includes(String((cause as NodeJS.ErrnoException).code));
}

function checkUsable(identity: string, hardware: string | null): void {
  const { state, boundTo, hardware: here } = standingOf(identity, hardware);
  if (state === "foreign") {
    const text = `the identity in ${identity} was made on board ${boundTo}, this is ${here}`;
    throw new GatewayError("uplink.secret", text);
  }
  if (state === "sealed") {
    const text = `the gateway's key is sealed, and was not opened: see lifeline provision (${identity})`;
    throw new GatewayError("uplink.secret", text);
  }
  if (state !== "enrolled") {
    const text = `the gateway has no identity yet: see lifeline provision (${identity})`;
    throw new GatewayError("uplink.secret", text);
  }
}

/** What cannot be read can be shown to nobody either. */
function hasEnded(identity: string, file: IdentityFile): boolean {
  try {
    const { validTo } = new X509Certificate(readOf(identity, file) ?? "");
    return Date.parse(validTo) < Date.now();
  } catch {
    return true;
  }
}

/** A disk that takes nothing now lets it be: the next line that is opened does it. */
function promoteIn(identity: string): void {
  try {
    promote(identity);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}
