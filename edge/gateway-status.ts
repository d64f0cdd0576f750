import type { GatewayConfig } from "../config/gateway-config.ts";
import type { LineMeter } from "./acquire/line-meter.ts";
import type { Loop } from "./acquire/loop-of.ts";
import type { BufferStatus, Status } from "./control/status.ts";
import type { StartStatus } from "./core/last-run.ts";
import { healthOf, type LoopHealth } from "./core/progress.ts";
import type { WallMs } from "./core/time.ts";
import type { Delivery } from "./delivery.ts";
import type { Enrolling } from "./enrolling.ts";
import type { Guard } from "./guard.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import type { ReadingPath } from "./reading-path.ts";
import type { Recorder } from "./recorder.ts";
import type { RivalReport } from "./rival-report.ts";
import type { TimeKeeper } from "./time-keeper.ts";
import type { RestartFacts } from "./update/permission.ts";
import type { Restarting } from "./update/restarting.ts";
import type { Updating } from "./update/updating.ts";
import type { WearWatch } from "./wear-watch.ts";
import type { World } from "./world.ts";

/** What a gateway consists of, as far as its status tells of it. */
export type Inside = {
  readonly parts: {
    readonly world: World;
    readonly config: GatewayConfig;
    readonly release: string;
    readonly start?: StartStatus;
    readonly updating?: Updating;
    readonly restart?: () => void;
  };
  readonly since: WallMs;
  readonly streams: BufferStatus["streams"];
  readonly heads: BufferStatus["heads"];
  readonly buses: readonly Loop[];
  /** How each bus that is asked is used. */
  readonly meters: ReadonlyMap<string, LineMeter>;
  readonly rivals: RivalReport;
  readonly path: ReadingPath;
  readonly guard: Guard;
  readonly recorder: Recorder;
  readonly wear: WearWatch;
  readonly memory: MemoryWatch;
  readonly time: TimeKeeper;
  readonly delivery: Delivery;
  readonly enrolling: Enrolling | null;
};

/** What a gateway says of itself now. */
export function statusOf(inside: Inside): Omit<Status, "pid"> {
  const { parts, since, time, buses, path, guard, delivery, memory, enrolling } = inside;
  const { world, config, release, updating, start = null } = parts;
  return {
    v: 1,
    gateway: config.gateway.id,
    site: config.gateway.site?.name ?? null,
    release,
    configuration: config.fingerprint,
    clock: time.clock,
    time: time.status(),
    at: world.clock.now(),
    since,
    start,
    buses: buses.map((loop) => busStatus(loop, inside)),
    points: path.status(),
    ...guard.status(),
    buffer: bufferStatus(inside),
    memory: memory.samples(),
    destinations: delivery.status(),
    loops: loopsOf(inside),
    ...(updating !== undefined && { update: updating.status() }),
    ...(enrolling !== null && { enrolment: enrolling.status() }),
  };
}

/** What speaks for or against restarting the gateway, with what somebody is at work on. */
export function restartingOf(
  { parts, guard }: Inside,
  work: Pick<RestartFacts, "isCalibrating" | "isReconfiguring">,
): Restarting {
  const { world, config, restart = null, updating } = parts;
  const { clock } = world;
  const now = { at: clock.now(), clock: clock.state() };
  const { windows = [] } = config.update ?? {};
  const { timeZone } = config.gateway;
  const facts = { ...guard.status(), ...work, ...now, windows, timeZone };
  return { facts, restart, leave: async () => await updating?.leave() };
}

function busStatus(loop: Loop, { meters, rivals }: Inside): Status["buses"][number] {
  const status = loop.status();
  const use = meters.get(status.bus)?.use() ?? null;
  return { ...status, rivals: rivals.of(status.bus), use };
}

function bufferStatus({ parts, recorder, streams, heads, wear }: Inside): BufferStatus {
  const { maxBytes } = parts.config.buffer;
  return { ...recorder.status(), streams, heads, maxBytes, wear: wear.status() };
}

/** Whether each loop of the gateway goes on. */
export function loopsOf({
  parts,
  buses,
  guard,
  recorder,
  delivery,
}: Inside): readonly LoopHealth[] {
  const now = parts.world.clock.uptime();
  const reading = buses.map((loop) => {
    return { kind: "bus", name: loop.status().bus, progress: loop.progress } as const;
  });
  const buffer = { kind: "buffer", name: "buffer", progress: recorder.progress } as const;
  const loops = [...reading, ...guard.progress(), buffer, ...delivery.progress()];
  return loops.map((loop) => healthOf(loop, now));
}
