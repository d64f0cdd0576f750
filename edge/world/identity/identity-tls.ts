import { GatewayError } from "../../core/errors.ts";
import type { TlsSettings } from "../../core/uplink.ts";
import { hasFile, pathOf, promote, standingOf } from "./files.ts";
import { hardwareSerial } from "./hardware.ts";

/**
 * `tls` with the files of the gateway's identity, where it is to show that: `next` is a renewed one
 * that has not worked yet. Throws `uplink.secret` where there is none, or it is another board's.
 */
export function withIdentity(
  tls: TlsSettings,
  file: "credential" | "next" = "credential",
  hardware: string | null = hardwareSerial(),
): TlsSettings {
  const { identity, ...others } = tls;
  if (identity === undefined) return tls;
  const { state, boundTo, hardware: here, current, next } = standingOf(identity, hardware);
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
  // An ended one works nowhere: whoever cannot try both shows the renewed one from then on.
  const isOver = current !== null && current.validTo < Date.now() && next !== null;
  const path = pathOf(identity, isOver ? "next" : file);
  const ca = hasFile(identity, "authorities") ? { ca: pathOf(identity, "authorities") } : {};
  return { ...ca, ...others, cert: path, key: path };
}

/**
 * Opens a line with the gateway's identity, a renewed one first: once that has worked it takes the
 * place of the one before, which is shown until then. Rejects as `open` does.
 */
export async function openedWith<Opened>(
  tls: TlsSettings,
  open: (tls: TlsSettings) => Promise<Opened>,
  signal: AbortSignal,
): Promise<Opened> {
  const { identity } = tls;
  if (identity === undefined || !hasFile(identity, "next")) return await open(withIdentity(tls));
  try {
    const opened = await open(withIdentity(tls, "next"));
    promote(identity);
    return opened;
  } catch (error) {
    if (signal.aborted) throw error;
    return await open(withIdentity(tls));
  }
}
