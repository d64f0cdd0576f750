import process from "node:process";
import { BufferThread } from "../../buffer/worker-port.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { readConfigApart } from "../../config/read-apart.ts";
import { LogRing } from "../control/log-ring.ts";
import { GatewayError } from "../core/errors.ts";
import { RELEASE } from "../release.ts";
import { jsonLine, textLine } from "../world/log-line.ts";
import { lineWriter } from "../world/output.ts";
import { realWorld } from "../world/real.ts";
import { RunMarks } from "../world/run-mark.ts";
import { supervisorOf } from "../world/supervisor.ts";
import type { World } from "../world.ts";
import { noteDeath } from "./candidate-death.ts";
import { CHANGE_GRACE_MS, GRACE_MS } from "./grace.ts";
import { failureOf, type Invocation } from "./invocation.ts";
import { Reconfiguring } from "./reconfiguring.ts";
import type { RunOrder } from "./run-gateway.ts";
import { say } from "./text.ts";
import { configToRun } from "./usable-config.ts";

/** What the process ends with to be started anew at once (sysexits.h, EX_TEMPFAIL). */
const RESTART_CODE = 75;

/**
 * `lifeline run`: the gateway, until SIGTERM or SIGINT. A second signal ends it at once. With
 * `json` the log is for programs, and tells also why the gateway did not start or has died.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const real = json
    ? realWorld(lineWriter("stdout"), jsonLine)
    : realWorld(lineWriter("stderr"), textLine);
  const recent = new LogRing(real.clock.now());
  const world = remembered(real, recent);
  try {
    return await runIn(world, recent, invocation);
  } catch (error) {
    if (!json) throw error;
    const { meaning, code, message, advice } = failureOf(error, lang);
    world.log("error", meaning, { code, message, advice });
    return 1;
  }
}

/** `world`, what it logs kept in `recent` for whoever asks. */
function remembered(world: World, recent: LogRing): World {
  return {
    ...world,
    log: (level, text, fields = {}) => {
      recent.add({ at: world.clock.now(), level, text, fields });
      world.log(level, text, fields);
    },
  };
}

async function runIn(
  world: World,
  recent: LogRing,
  { config: file, lang, json }: Invocation,
): Promise<number> {
  const changing = new Reconfiguring(world, file, lang);
  changing.recover();
  // What runs the gateway is loaded while the process that reads the file is at work.
  const reading = readConfigApart(file, lang);
  const thread = new BufferThread();
  const [read, { runGateway }] = await Promise.all([reading, import("./run-gateway.ts")]);
  const config = configToRun(file, read, lang, json ? world : null);
  if (config === null) {
    await noteDeath(world.clock, null, null);
    return 1;
  }
  const { stopSignalled, restart } = endings();
  const supervisor = supervisorOf(process.env, (why) => {
    world.log("warn", say(lang, "notNotified"), { cause: why });
  });
  void stopSignalled.then(() => supervisor?.stopping());
  world.log("info", say(lang, "starting", { release: RELEASE }));
  const marks = new RunMarks(config.buffer.dir, (why) => {
    world.log("warn", say(lang, "runUnmarked"), { cause: why });
  });
  const parts = {
    ...{ file, world, recent, lang, restart },
    changing,
    marks,
    supervisor,
    stopSignalled,
  };
  try {
    let next = await runOnTrial({ ...parts, config, thread }, runGateway);
    while (next !== null) next = await runOnTrial({ ...parts, config: next }, runGateway);
  } catch (error) {
    marks.end(error);
    await noteDeath(world.clock, error, config.buffer.dir);
    throw error;
  }
  marks.end();
  return await stopSignalled;
}

/**
 * Runs the gateway until it is asked to end, resolving null, or to begin anew, with what. Whatever it
 * ends with while its configuration is on trial, that is not to be had again.
 */
async function runOnTrial(
  parts: Signalled,
  runGateway: (order: RunOrder) => Promise<void>,
): Promise<GatewayConfig | null> {
  const { changing, stopSignalled, world } = parts;
  const next = changing.nextChange();
  const changed = next.then(() => CHANGE_GRACE_MS);
  const stopped = stopSignalled.then(() => GRACE_MS);
  const isToStop = stopSignalled.then(() => null);
  try {
    await runGateway({ ...parts, stopAsked: Promise.race([stopped, changed]) });
  } catch (error) {
    if (!changing.isOnTrial) throw error;
    changing.failed(error instanceof GatewayError ? error.code : "died");
    // After an error in the program nothing in its memory is to be relied on.
    if (!(error instanceof GatewayError)) throw error;
    world.log("error", error.message, { code: error.code });
  }
  return await Promise.race([isToStop, next]);
}

/** Resolves when the process is to end, and what has it end to be started anew. */
function endings(): Pick<Signalled, "stopSignalled" | "restart"> {
  const { promise, resolve } = Promise.withResolvers<number>();
  void stopSignal().then(() => resolve(0));
  return { stopSignalled: promise, restart: () => resolve(RESTART_CODE) };
}

/** Resolves at the first SIGTERM or SIGINT; the second ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = () => {
      signals++;
      // Not `exit`: that would wait for a buffer whose disk hangs.
      if (signals > 1) process.kill(process.pid, "SIGKILL");
      resolve();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}

type Signalled = Omit<RunOrder, "stopAsked"> & {
  /** Resolves when the process is to end, with its exit code. */
  readonly stopSignalled: Promise<number>;
};
