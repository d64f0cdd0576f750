import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { LineMeter } from "../../ota/fetch/line-meter.ts";
import type { ObtainStep } from "../../ota/fetch/obtain.ts";
import { foldersIn, INSTALL_DIR, type InstallFolders } from "../../ota/install/folders.ts";
import type { GatewayLink, RestartAnswer } from "../../ota/install/gateway-link.ts";
import { installedIn } from "../../ota/install/installed.ts";
import { Progress } from "../../ota/install/progress.ts";
import { Updater } from "../../ota/install/updater.ts";
import { LEAST_PACE, type Reader } from "../../ota/trust/pace.ts";
import { type Mirror, TrustClient } from "../../ota/trust/trust-client.ts";
import { GatewayError } from "../core/errors.ts";
import { SystemClock } from "../world/clock.ts";
import { callControl } from "../world/control-socket.ts";
import { slotOf } from "../world/release-slots.ts";
import { RealRepositoryTransport } from "../world/repository.ts";
import type { Invocation } from "./invocation.ts";

/** A gateway leaves what does well before it answers, on a disk that may be slow. */
const ANSWER_MS = 60_000;
const PATIENCE = { backoff: { firstMs: 2_000, maxMs: 60_000 }, triesMax: 5 };

/** The places that `lifeline update` works in. Throws `ota.not-installed`. */
export function updateFolders(
  { install }: Pick<Invocation, "install">,
  { buffer }: Pick<GatewayConfig, "buffer">,
): InstallFolders {
  const root = install ?? slotOf(import.meta.dirname)?.root ?? INSTALL_DIR;
  if (!existsSync(join(root, "releases"))) {
    throw new GatewayError("ota.not-installed", `there is no ${join(root, "releases")}`);
  }
  return foldersIn(resolve(root), buffer.dir);
}

/** What this gateway is. Throws `ota.hardware` where nothing says so. */
export function ownOf(folders: InstallFolders, { update }: Pick<GatewayConfig, "update">) {
  const { slots, current } = installedIn(folders);
  const runs = slots.find(({ name }) => name === current)?.contents;
  const hardware = update?.hardware ?? runs?.hardware[0];
  const channel = update?.channel ?? runs?.channel ?? "stable";
  if (hardware !== undefined) return { hardware, channel, builtAtMs: runs?.builtAt ?? 1 };
  throw new GatewayError("ota.hardware", "set update.hardware: no release that runs says it");
}

/**
 * What installs releases on the gateway of `config`; `tell` is told how far one was fetched; what is
 * not `isOrdered` is held to the monthly budget. Throws `ota.anchor` and what `ownOf` does.
 */
export function updaterOf(
  folders: InstallFolders,
  config: GatewayConfig,
  invocation: Invocation,
  tell: (step: ObtainStep) => void,
  isOrdered = true,
): { readonly updater: Updater; readonly trust: TrustClient } {
  const clock = new SystemClock();
  const { builtAtMs, ...own } = ownOf(folders, config);
  const { update } = config;
  const { ca = null, bytesPerS = null } = update ?? {};
  const transport = new RealRepositoryTransport(ca === null ? undefined : pemIn(ca));
  const monthlyBytes = isOrdered ? null : (update?.monthlyBytes ?? null);
  const lineFile = join(folders.root, "line.json");
  // A stick costs nothing.
  const meter =
    invocation.from === undefined
      ? { meter: new LineMeter(lineFile, { bytesPerS, monthlyBytes }, clock) }
      : {};
  const reader: Reader = { transport, clock, pace: LEAST_PACE, ...meter };
  const trust = trustOf(folders, mirrorsOf(config, invocation), builtAtMs, reader);
  const updater = new Updater({
    ...{ folders, clock, own, trust, tell },
    config: invocation.config,
    gateway: linkTo(config.control.socket),
    progress: new Progress(folders.progress, clock),
  });
  return { updater, trust };
}

/** The gateway that serves `socket`, as far as a restart goes. */
export function linkTo(socket: string): GatewayLink {
  const ask = async (call: string, release: string, anyTime: boolean) => {
    try {
      return (await callControl(socket, call, { release, anyTime }, ANSWER_MS)) as RestartAnswer;
    } catch (error) {
      const isAway = error instanceof GatewayError && error.code === "control.unreachable";
      if (isAway) return null;
      throw error;
    }
  };
  return {
    permit: (release, anyTime) => ask("update.permit", release, anyTime),
    restart: (release, anyTime) => ask("update.restart", release, anyTime),
  };
}

/** Throws `ota.nowhere` or `ota.absent` where there is nowhere to look for releases. */
export function checkSource({ update }: GatewayConfig, { from }: Invocation): void {
  if (from !== undefined && !existsSync(join(from, "metadata"))) {
    throw new GatewayError("ota.absent", `${from} holds no folder metadata`);
  }
  if (from !== undefined || (update?.urls ?? []).length > 0) return;
  throw new GatewayError("ota.nowhere", "update.urls is not set");
}

/** The authorities in the file `ca`. Throws `uplink.secret`, as destinations do. */
function pemIn(ca: string): string {
  try {
    return readFileSync(ca, "utf8");
  } catch (cause) {
    throw new GatewayError("uplink.secret", `${ca} cannot be read`, { cause });
  }
}

function mirrorsOf({ update }: GatewayConfig, { from }: Invocation): readonly Mirror[] {
  const urls = from === undefined ? (update?.urls ?? []) : [pathToFileURL(resolve(from)).href];
  return urls.map((url) => {
    const base = url.replace(/\/+$/, "");
    return { metadataUrl: `${base}/metadata`, targetsUrl: `${base}/targets` };
  });
}

function trustOf(
  { trust, anchor, root }: InstallFolders,
  mirrors: readonly Mirror[],
  builtAtMs: number,
  reader: Reader,
): TrustClient {
  if (!existsSync(anchor)) throw new GatewayError("ota.anchor", `there is no ${anchor}`);
  return new TrustClient({
    reader,
    random: Math.random,
    patience: PATIENCE,
    metadataDir: join(trust, "metadata"),
    // Apart: what damages one folder leaves the other.
    floorFiles: [join(trust, "floor"), join(root, "floor")],
    anchor: readFileSync(anchor),
    builtAtMs,
    mirrors,
  });
}
