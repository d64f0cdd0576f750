import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { DoctorJson } from "../../edge/cli/doctor-view.ts";
import type { Status } from "../../edge/control/status.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { doctorIn } from "../faults/bench.ts";
import { openAuthority } from "../processes/certificates.ts";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { fakeClock } from "../processes/faketime.ts";
import { syncedIn } from "../processes/gateway.ts";
import { type Mosquitto, startMosquitto } from "../processes/mosquitto.ts";
import { builtHere, installRelease } from "../release/installed-release.ts";
import { ADDRESSES, BROKER_INSIDE, type Cables, layCables } from "./cables.ts";
import { type NameServer, openNameServer } from "./names.ts";
import { openPlant, type Plant, type Truth } from "./plant.ts";
import { Supervisor } from "./supervisor.ts";

/** The destinations, and what their centres stored. */
export const CENTRES = ["city", "county"] as const;

/** One of them. */
export type CentreName = (typeof CENTRES)[number];

/** What is attacked: a gateway between a plant and two centres, each in a network of its own. */
export type Site = {
  readonly dir: string;
  readonly cables: Cables;
  readonly names: NameServer;
  readonly plant: Plant;
  /** The broker that leads to `city`. */
  readonly broker: Mosquitto;
  /** The process that is `county`, over HTTP; null while it is away. */
  county: Child | null;
  startCounty(): Promise<void>;
  readonly gateway: Supervisor;
  /** The file in which a centre stores. */
  archiveOf(centre: CentreName): string;
  /** Sets the gateway's clock off by `seconds`, about which its machine knows; 0 sets it right. */
  setClock(seconds: number): void;
  /** Leaves no room on the gateway's disk; or frees it again. */
  fillDisk(): void;
  freeDisk(): void;
  /** What the gateway says; rejects where it does not answer. */
  status(): Promise<Status>;
  doctor(): Promise<DoctorJson>;
  close(): Promise<void>;
};

const CENTRE_MAIN = fileURLToPath(new URL("centre-main.ts", import.meta.url));
const NAMES = { broker: "broker.chaos.test", centre: "county.chaos.test" } as const;
/** In networks of their own any port is free. */
const [TLS_PORT, INSIDE_PORT, HTTP_PORT] = [8883, 1883, 8080];
/** A certificate that is in force whatever the clock says, and not about to end. */
const TERM_MS = 90 * 24 * 3_600_000;
/** The disk of the gateway, and what its buffer may have of it. */
const [DISK, BUFFER_MAX] = ["16M", "8MB"];
/** A machine that does much else starts a process slowly. */
const START_MS = 60_000;

/** Builds the site; the gateway does not run yet. */
export async function openSite(truth: Truth, seed: number): Promise<Site> {
  const dir = tempDir("chaos");
  const cables = await layCables(seed);
  const names = await openNameServer({
    [NAMES.broker]: ADDRESSES.broker,
    [NAMES.centre]: ADDRESSES.centre,
  });
  const plant = await openPlant(truth);
  const authority = openAuthority();
  const broker = await startMosquitto({
    port: TLS_PORT,
    address: ADDRESSES.broker,
    name: NAMES.broker,
    wrap: cables.in("broker"),
    tls: authority.issue({ name: NAMES.broker, fromMs: -TERM_MS, toMs: TERM_MS }),
    // The other listener, and nothing that a centre is to have is thrown away.
    lines: [
      "max_queued_messages 0",
      "max_inflight_messages 0",
      `listener ${INSIDE_PORT} ${BROKER_INSIDE}`,
    ],
  });
  const archiveOf = (centre: CentreName) => join(dir, `${centre}.jsonl`);
  const startCentre = async (centre: CentreName, ...how: readonly string[]) => {
    const run = [process.execPath, CENTRE_MAIN, archiveOf(centre), ...how];
    const [command = "", ...args] = [...cables.in("centre"), ...run];
    const child = startChild(command, args);
    await child.waitFor(/^listens$/, START_MS);
    return child;
  };
  await startCentre("city", "mqtt", `mqtt://${BROKER_INSIDE}:${INSIDE_PORT}`);
  const clockFile = join(dir, "clock");
  const clock = (seconds: number) =>
    writeFileSync(clockFile, `${seconds < 0 ? "" : "+"}${seconds}\n`);
  clock(0);
  const disk = join(dir, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", disk]);
  const config = join(dir, "gateway.yaml");
  writeFileSync(config, yamlOf(plant, disk, broker.url, authority.cert));
  const { files } = await builtHere("0.0.0");
  const launcher = installRelease(dir, "0.0.0", files);
  const env = {
    ...fakeClock({ file: clockFile }),
    ...syncedIn(dir),
    NODE_COMPILE_CACHE: join(dir, "compiled"),
  };
  const site: Site = {
    dir,
    cables,
    names,
    plant,
    broker,
    county: null,
    async startCounty() {
      site.county = await startCentre("county", "http", ADDRESSES.centre, String(HTTP_PORT));
    },
    gateway: new Supervisor(() => startChild(launcher, ["run", "--config", config], env)),
    archiveOf,
    setClock(seconds) {
      writeFileSync(join(dir, "clock-synced"), seconds === 0 ? "yes" : "no");
      clock(seconds);
    },
    fillDisk: () => fillUp(join(disk, "other")),
    freeDisk: () => rmSync(join(disk, "other"), { force: true }),
    status: async () =>
      (await callControl(join(disk, "buffer", "control.sock"), "status")) as Status,
    doctor: () => doctorIn({ env, main: join(dir, "current", "app", "main.js") }, config),
    async close() {
      await site.gateway.stop();
      await broker.close();
      await site.county?.end("SIGKILL");
      await plant.close();
      names.close();
      // Whoever was killed amid it may have it open for a moment.
      execFileSync("umount", ["--lazy", disk]);
    },
  };
  await site.startCounty();
  return site;
}

/** Writes `file` until there is no space left, whoever else writes meanwhile. */
function fillUp(file: string): void {
  const fd = openSync(file, "a");
  try {
    for (;;) writeSync(fd, Buffer.alloc(4_096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(fd);
  }
}

function yamlOf(plant: Plant, disk: string, broker: string, ca: string): string {
  return `gateway: { id: gw-chaos }
buffer: { dir: ${disk}/buffer, commit: 1s, max: ${BUFFER_MAX} }
${plant.yaml}
destinations:
  city: { kind: mqtt, url: "${broker}", ca: ${ca}, keepAlive: 10s }
  county: { kind: http, url: "http://${NAMES.centre}:${HTTP_PORT}/in", timeout: 10s }
`;
}
