import { createHash } from "node:crypto";
import { isAbsolute, join } from "node:path";
import { CHINA_TIME_ZONE } from "../edge/core/season.ts";
import { checkShape } from "./check-shape.ts";
import { Findings } from "./findings.ts";
import type {
  BufferConfig,
  ControlConfig,
  GatewayConfig,
  GatewayIdentity,
} from "./gateway-config.ts";
import { allPoints } from "./gateway-config.ts";
import { identityDirIn } from "./identity-dir.ts";
import { pointDirectory } from "./point-directory.ts";
import type { Problem } from "./problems.ts";
import type { Profiles } from "./profile.ts";
import { resolveAlarms } from "./resolve-alarms.ts";
import { resolveBuses } from "./resolve-buses.ts";
import { resolveCommands } from "./resolve-commands.ts";
import { resolveCommits } from "./resolve-commits.ts";
import { checkSources, orderDerived } from "./resolve-derived.ts";
import { resolveDestinations } from "./resolve-destinations.ts";
import { resolveDevices } from "./resolve-devices.ts";
import { resolveEnrolment } from "./resolve-enrolment.ts";
import { resolveInterlocks } from "./resolve-interlocks.ts";
import { resolveMetrics } from "./resolve-metrics.ts";
import { checkNeeds } from "./resolve-needs.ts";
import { resolvePanel } from "./resolve-panel.ts";
import { resolveUpdate } from "./resolve-update.ts";
import type { Draft } from "./salvage.ts";
import { salvage } from "./salvage.ts";
import { configSchema } from "./schema.ts";
import type { Outside } from "./secrets.ts";
import { readSource } from "./source.ts";

/** The longest path of a Unix socket: `sun_path` holds 108 bytes with the final zero (unix(7)). */
const SOCKET_PATH_MAX_BYTES = 107;

/** What `loadConfig` needs from outside. */
export type LoadOptions = Outside & {
  readonly profiles: Profiles;
  /** The folder of the file, where relative paths in it begin; empty to leave them as they are. */
  readonly folder?: string;
};

/** A configuration, or why there is none. */
export type LoadResult = {
  /** Null exactly when one of the problems is an error. */
  readonly config: GatewayConfig | null;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
};

/** Reads `gateway.yaml`: every fault in it is found at once, with its place. Never throws. */
export function loadConfig(text: string, options: LoadOptions): LoadResult {
  const source = readSource(text);
  const findings = new Findings(source);
  if (source.root === null) {
    if (!findings.hasErrors()) findings.add("empty-file", null, []);
    return { config: null, problems: findings.list() };
  }
  const draft = salvage(source.root, checkShape(configSchema, source.root, findings));
  const resolved = resolve(draft, options, findings);
  if (findings.hasErrors()) return { config: null, problems: findings.list() };
  const config = { ...resolved, gateway: identityOf(draft.config), fingerprint: fingerprint(text) };
  return { config, problems: findings.list() };
}

/** `sha256:` and the first 16 hex digits of SHA-256 over the bytes of the file. */
export function fingerprint(text: string): string {
  return `sha256:${createHash("sha256").update(text, "utf8").digest("hex").slice(0, 16)}`;
}

function resolve(
  draft: Draft,
  options: LoadOptions,
  findings: Findings,
): Omit<GatewayConfig, "gateway" | "fingerprint"> {
  const absolute = (path: string) => absoluteFrom(options.folder ?? "", path);
  // A reference to a relative file begins where the configuration is, like every other path.
  const outside = { ...options, readFile: (path: string) => options.readFile(absolute(path)) };
  const { config } = draft;
  const { derived: drafts, ...devices } = resolveDevices(draft, options.profiles, findings);
  const derived = orderDerived(drafts, allPoints({ ...devices, derived: [] }));
  const points = allPoints({ ...devices, derived });
  const find = pointDirectory(draft, options.profiles, points);
  checkSources(drafts, derived, find, findings);
  checkNeeds(points, find, findings);
  const alarms = resolveAlarms(draft, find, findings);
  const interlocks = resolveInterlocks({ draft, find, findings }, alarms);
  if (draft.isEmpty("devices")) findings.add("no-devices", null, ["devices"], "key");
  if (draft.isEmpty("destinations")) {
    findings.add("no-destinations", null, ["destinations"], "key");
  }
  const settings = bufferOf(config, absolute);
  const identityDir = identityDirIn(settings.dir);
  const context = { outside, absolute, find, findings, points, alarms: draft.alarms, identityDir };
  const destinations = resolveDestinations(config.destinations ?? {}, context);
  const commitMsOf = resolveCommits(draft, points, settings.commitMs, findings);
  const buffer = { ...settings, commitMsOf };
  return {
    ...devices,
    derived,
    buses: resolveBuses(draft, devices, findings),
    alarms,
    interlocks,
    destinations,
    enrolment: resolveEnrolment(config, context),
    commands: resolveCommands(config, context),
    buffer,
    control: controlOf(config, buffer.dir, absolute, findings),
    metrics: resolveMetrics(config, context),
    panel: resolvePanel(config, context),
    update: resolveUpdate(draft, context),
  };
}

function identityOf({ gateway }: Draft["config"]): GatewayIdentity {
  // Only a file without errors comes here, and a file without a gateway has one.
  if (gateway === undefined) throw new Error("a sound configuration without a gateway");
  const { id, site } = gateway;
  if (site === undefined) return { id, site: null, timeZone: CHINA_TIME_ZONE };
  const { name = null, asset = null, cim = null, position = null, timeZone } = site;
  return { id, site: { name, asset, cim, position }, timeZone };
}

function bufferOf(
  { buffer }: Draft["config"],
  absolute: (path: string) => string,
): Omit<BufferConfig, "commitMsOf"> {
  const { dir, max, commit, keep, maxAge, around, reserve, holdUnsynced, card } =
    buffer ?? configSchema.shape.buffer.parse({});
  return {
    dir: absolute(dir),
    maxBytes: max,
    commitMs: commit,
    keepMs: keep,
    holdUnsyncedMs: holdUnsynced,
    card: { enduranceBytes: card.endurance, minLifeMs: card.minLife },
    maxAgeMs: maxAge ?? null,
    aroundMs: around,
    reserveBytes: reserve ?? null,
  };
}

function controlOf(
  { control }: Draft["config"],
  bufferDir: string,
  absolute: (path: string) => string,
  findings: Findings,
): ControlConfig {
  const named = control?.socket;
  const socket = named === undefined ? join(bufferDir, "control.sock") : absolute(named);
  const bytes = Buffer.byteLength(socket);
  if (bytes > SOCKET_PATH_MAX_BYTES) {
    const params = { path: socket, bytes, max: SOCKET_PATH_MAX_BYTES };
    const at = named === undefined ? ["buffer", "dir"] : ["control", "socket"];
    findings.add("socket-too-long", params, at);
  }
  return { socket, group: control?.group ?? null };
}

function absoluteFrom(folder: string, path: string): string {
  return isAbsolute(path) || folder === "" ? path : join(folder, path);
}
