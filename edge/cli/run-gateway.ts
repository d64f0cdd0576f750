import { resolve } from "node:path";
import process from "node:process";
import { inspect } from "node:util";
import type { BufferThread } from "../../buffer/worker-port.ts";
import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import type { Bundling } from "../command/bundling.ts";
import { controlOf } from "../control/control.ts";
import { Feed } from "../control/feed.ts";
import type { LogRing } from "../control/log-ring.ts";
import { GatewayError, type Lang, messageOf } from "../core/errors.ts";
import type { IdentityKeeper } from "../core/identity.ts";
import type { Ledger } from "../core/ledger.ts";
import type { LoopHealth } from "../core/progress.ts";
import { unitsOf } from "../directory.ts";
import { startGateway } from "../gateway.ts";
import { LateLedger } from "../late-ledger.ts";
import { isDoneInTime } from "../patience.ts";
import { RELEASE } from "../release.ts";
import type { RunningGateway } from "../running-gateway.ts";
import type { Updating } from "../update/updating.ts";
import { keepAlive, keepStarting } from "../watchdog.ts";
import { CalibrationFiles } from "../world/calibration-store.ts";
import { type ControlLog, serveControl } from "../world/control-socket.ts";
import { firstBootNotes } from "../world/first-boot-notes.ts";
import type { RunMarks } from "../world/run-mark.ts";
import type { Supervisor } from "../world/supervisor.ts";
import type { World } from "../world.ts";
import { GRACE_MS } from "./grace.ts";
import { failureOf } from "./invocation.ts";
import { localPage } from "./local-page.ts";
import { openBuffer } from "./open-buffer.ts";
import type { Reconfiguring } from "./reconfiguring.ts";
import { RunLog } from "./run-log.ts";
import { say } from "./text.ts";

/** How long the buffer may take to close before its disk counts as hanging, in milliseconds. */
const CLOSE_MS = 5_000;

/** What a gateway is run with. */
export type RunOrder = {
  /** The file of the configuration. */
  readonly file: string;
  readonly config: GatewayConfig;
  readonly world: World;
  /** What the log told lately. */
  readonly recent: LogRing;
  readonly lang: Lang;
  /** Who watches over the process; null where nobody does. */
  readonly supervisor: Supervisor | null;
  /** Remembers how this run and those before it ended. */
  readonly marks: RunMarks;
  /** Changes the configuration. */
  readonly changing: Reconfiguring;
  /** Ends the process, to be started anew. */
  readonly restart: () => void;
  /** In which its buffer can be opened; left out where none was started for it. */
  readonly thread?: BufferThread;
  /** Resolves when it is to end, with how long its farewell may take, in milliseconds. */
  readonly stopAsked: Promise<number>;
};

type Service = RunOrder & {
  readonly news: RunLog;
  /** Tells programs at the box what happens. */
  readonly feed: Feed;
};

/** Runs a gateway until it is asked to end, over the buffer of its configuration. */
export async function runGateway(order: RunOrder): Promise<void> {
  const { world, config, lang } = order;
  const news = new RunLog(world, config, lang);
  const service = { ...order, news, feed: new Feed(world.clock, unitsOf(config)) };
  const ledger = await openOrGuard(service);
  if (ledger === null) return;
  try {
    await runOver(ledger, service);
  } finally {
    await closeBuffer(ledger, service);
  }
}

/** Opens the buffer, or guards without it first; null where the gateway was asked to end then. */
async function openOrGuard(service: Service): Promise<Ledger | null> {
  try {
    const { config, world, supervisor, thread } = service;
    return await keepStarting(openBuffer(config, world, thread), supervisor, world.clock);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== "buffer.read-only") throw error;
    return await guard(error, service);
  }
}

/**
 * Runs the gateway with memory only until the buffer can be opened, and resolves with that, what
 * waited stored in it: a restart on a card that has turned read-only must not silence the alarms.
 * Resolves null where it was asked to end before.
 */
async function guard(why: GatewayError, service: Service): Promise<Ledger | null> {
  const { config, world, lang } = service;
  const { code, message, advice } = failureOf(why, lang);
  world.log("error", say(lang, "memoryOnly"), { code, message, advice });
  const late = new LateLedger(() => openBuffer(config, world), why);
  const over = new AbortController();
  const opening = late.tryToOpen(world.clock, over.signal);
  const asked = service.stopAsked.then(() => "asked" as const);
  const ending = Promise.race([asked, opening.then((isOpen) => (isOpen ? "opened" : asked))]);
  let next: Ledger | null = null;
  try {
    // Without the buffer no message has a seq: there is nothing to send.
    const alone = { ...config, destinations: [] };
    await runOver(late, { ...service, config: alone, stopAsked: ending.then(() => GRACE_MS) });
    if ((await ending) === "opened") next = late;
    return next;
  } finally {
    over.abort();
    await opening;
    if (next === null) await closeBuffer(late, service);
  }
}

/** Makes bundles where somebody may order them; what that takes is loaded only then. */
async function bundlingOf({ config, file }: Service): Promise<Bundling | null> {
  if (config.commands.keys.length === 0) return null;
  const { bundling } = await import("../command/bundling.ts");
  const { bundleShelf } = await import("./bundle-shelf.ts");
  return bundling(bundleShelf(resolve(file), config.buffer.dir));
}

/** Sees to the gateway's identity where somebody certifies it; what that takes is loaded only then. */
async function identityOf({ config }: Service): Promise<IdentityKeeper | null> {
  if (config.enrolment === null) return null;
  return (await import("./own-identity.ts")).ownIdentity(config);
}

/** Takes part in updates where somebody makes them; what that takes is loaded only then. */
async function updatingOf({ config, world }: Service): Promise<Updating | null> {
  // A release that is installed as one is in a folder of that name.
  const isInstalled = /[/]releases[/]/.test(import.meta.dirname);
  if (config.update === null && !isInstalled) return null;
  const { ownUpdate } = await import("./own-update.ts");
  return await ownUpdate(world.clock, config);
}

/** Runs the gateway over `ledger` until it is asked to end. */
async function runOver(ledger: Ledger, service: Service): Promise<void> {
  const { world, config, lang, changing, feed } = service;
  const news = feed.heard(service.news);
  const end = new AbortController();
  const over = new AbortController();
  const mayBeDeaf = ledger instanceof LateLedger && !ledger.isOpen;
  try {
    const start = service.marks.begin(world.clock);
    const bundling = await bundlingOf(service);
    const identity = await identityOf(service);
    const updating = await updatingOf(service);
    const firstBoot = firstBootNotes(config.buffer.dir);
    const calibrations = new CalibrationFiles(service.file);
    const parts = {
      ...{ world, config, ledger, news, release: RELEASE, reconfigure: changing, calibrations },
      ...(start !== null && { start }),
      ...(bundling !== null && { bundling }),
      ...(identity !== null && { identity }),
      ...(updating !== null && { updating }),
      ...(firstBoot !== null && { firstBoot }),
      // Without a supervisor that end would be the last.
      ...(service.supervisor !== null && { restart: service.restart }),
    };
    const gateway = await startGateway(parts, end.signal);
    // Until the control socket is there nobody waits for it, and it may have died by then.
    gateway.done.catch(() => {});
    changing.started(gateway, config, over.signal);
    try {
      await serve(gateway, service, mayBeDeaf);
    } catch (error) {
      end.abort(error);
      await Promise.allSettled([gateway.done]);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) reportDeath(world, error, lang);
    throw error;
  } finally {
    over.abort();
  }
}

/** Tells the supervisor, where there is one, for as long as every loop of `gateway` goes on. */
async function watched(
  gateway: RunningGateway,
  { world, lang, config, supervisor }: Service,
  signal: AbortSignal,
): Promise<void> {
  if (supervisor === null) return;
  supervisor.ready(say(lang, "started", countsOf(config)));
  const onHung = (loops: readonly LoopHealth[]) => {
    world.log("error", say(lang, "loopHung", { at: loops.map(({ name }) => name).join(", ") }));
  };
  const loops = () => gateway.loops();
  await keepAlive({ clock: world.clock, supervisor, loops, onHung }, signal);
}

/** Serves figures where the configuration says so; loaded only then. */
async function measured(
  gateway: RunningGateway,
  { world, config }: Service,
  signal: AbortSignal,
): Promise<void> {
  if (config.metrics === null) return;
  const { serveMetrics } = await import("../metrics/serve.ts");
  const use = () => {
    const { user, system } = process.cpuUsage();
    return { rssBytes: process.memoryUsage.rss(), cpuS: (user + system) / 1e6 };
  };
  const status = () => gateway.status();
  await serveMetrics({ world, config: config.metrics, status, use }, signal);
}

/**
 * Until the gateway has stopped: serves the control socket and heeds the signals. Where it
 * `mayBeDeaf` the gateway goes on without a socket: it usually is in the directory of the buffer.
 */
async function serve(gateway: RunningGateway, service: Service, mayBeDeaf: boolean): Promise<void> {
  const { config, world, recent, feed, news, lang, stopAsked } = service;
  const over = new AbortController();
  let serving: Promise<unknown> = Promise.resolve();
  const { socket, group } = config.control;
  const warn: ControlLog = (text, fields) => world.log("warn", text, fields);
  const handle = controlOf(gateway, { log: recent, feed });
  const control = await serveControl(socket, handle, warn, { group }).catch((error) => {
    if (!mayBeDeaf || !(error instanceof GatewayError)) throw error;
    world.log("error", say(lang, "noControl"), { code: error.code, message: error.message });
    return null;
  });
  try {
    world.log("info", say(lang, "started", countsOf(config)));
    void watched(gateway, service, over.signal);
    serving = Promise.all([
      measured(gateway, service, over.signal),
      localPage(gateway, service, over.signal),
    ]);
    void stopAsked.then((graceMs) => {
      world.log("info", say(lang, "stopping"));
      gateway.stop(graceMs);
    });
    await gateway.done;
  } finally {
    over.abort();
    await serving;
    await control?.close();
  }
  news.onStopped(gateway.status());
  world.log("info", say(lang, "stopped"));
}

function countsOf(config: GatewayConfig) {
  const { gateway, buses, destinations } = config;
  return {
    gateway: gateway.id,
    points: allPoints(config).length,
    buses: buses.length,
    destinations: destinations.length,
  };
}

/** A loop died of an error in the program: the log gets all there is to find it by. */
function reportDeath(world: World, error: unknown, lang: Lang): void {
  if (!(error instanceof Error)) world.log("error", say(lang, "died"), { error: inspect(error) });
  else {
    const { stack, cause } = error;
    const why = cause === undefined ? {} : { cause: inspect(cause) };
    world.log("error", say(lang, "died"), { stack, ...why });
  }
}

/** A disk that hangs keeps the buffer's thread, but not the process from ending. */
async function closeBuffer(ledger: Ledger, { world, lang, marks }: Service): Promise<void> {
  const closing = ledger.close().catch((error) => {
    world.log("error", `buffer: ${messageOf(error)}`);
  });
  if (await isDoneInTime(closing, Promise.resolve(CLOSE_MS), world.clock)) return;
  world.log("error", say(lang, "diskHangs"), { code: "buffer.io" });
  marks.forget();
  // An exit would wait for the thread.
  process.once("exit", () => process.kill(process.pid, "SIGKILL"));
}
