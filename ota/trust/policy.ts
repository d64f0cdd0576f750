import { GatewayError } from "../../edge/core/errors.ts";
import type { Target } from "./target.ts";

/** What a gateway is, and what it has behind it. */
export type Own = {
  /** Its hardware class, such as `rpi-arm64`. */
  readonly hardware: string;
  /** The channel that it follows, such as `stable`. */
  readonly channel: string;
  /** The counter of the newest release that was confirmed on it; 0 where none was. */
  readonly releaseFloor: number;
};

/** A release that this gateway may run. */
export type Release = {
  readonly target: Target;
  /** Rises by each release of a hardware class and channel; at least 1. */
  readonly counter: number;
};

/** What a platform's order is held against. */
type Finder = { find(path: string, signal: AbortSignal): Promise<Target> };

const WORD = /^[a-z0-9][a-z0-9._-]*$/i;

/**
 * The release that `path` names, if this gateway may run it. The platform chooses among what the
 * offline keys have signed, and says when: what it is and for whom comes from them alone (Uptane's
 * two repositories). Rejects with `ota.name`, `ota.hardware`, `ota.channel`, `ota.unknown-target`,
 * `ota.downgrade`, and whatever `find` does.
 */
export async function releaseFor(
  finder: Finder,
  own: Own,
  path: string,
  signal: AbortSignal,
): Promise<Release> {
  checkPath(path, own);
  return admit(await finder.find(path, signal), own);
}

/** What was signed of `target`, if it is for this gateway and not older than what it had. */
export function admit(target: Target, own: Own): Release {
  const { path, custom } = target;
  checkPath(path, own);
  const { hardware, channel, counter } = custom;
  if (!Array.isArray(hardware) || !hardware.includes(own.hardware)) {
    throw new GatewayError("ota.hardware", `${path} is signed for ${said(hardware)}`);
  }
  if (channel !== own.channel) {
    throw new GatewayError("ota.channel", `${path} is signed for the channel ${said(channel)}`);
  }
  if (typeof counter !== "number" || !Number.isSafeInteger(counter) || counter < 1) {
    throw new GatewayError("ota.malformed", `${path} is signed with no counter of releases`);
  }
  if (counter < own.releaseFloor) {
    const why = `${path} has the counter ${counter}, and ${own.releaseFloor} was confirmed here`;
    throw new GatewayError("ota.downgrade", why);
  }
  return { target, counter };
}

/** `HARDWARE/CHANNEL/NAME`, as the delegated roles are bounded by. */
function checkPath(path: string, { hardware, channel }: Own): void {
  const words = path.split("/");
  if (words.length !== 3 || !words.every((word) => WORD.test(word))) {
    throw new GatewayError("ota.name", `${said(path)} is not HARDWARE/CHANNEL/NAME`);
  }
  if (words[0] !== hardware) {
    throw new GatewayError("ota.hardware", `${path} is not for ${hardware}`);
  }
  if (words[1] !== channel) {
    throw new GatewayError("ota.channel", `${path} is not of the channel ${channel}`);
  }
}

function said(value: unknown): string {
  return JSON.stringify(value) ?? "nobody";
}
