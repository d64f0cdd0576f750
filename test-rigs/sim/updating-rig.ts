import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Done } from "../../edge/command/result.ts";
import type { PendingUpdate } from "../../edge/core/command.ts";
import type { VersionClaims } from "../../edge/core/version-proof.ts";
import type { Turn } from "../../edge/gateway-event.ts";
import type { RestartFacts } from "../../edge/update/permission.ts";
import { type UpdateInside, Updating } from "../../edge/update/updating.ts";
import { SimClock } from "./clock.ts";
import type { UpdateFolder } from "./update-folder.ts";

/** All is as it should be with a gateway. */
const WELL: ReturnType<UpdateInside["look"]> = {
  loops: [],
  health: { buses: ["line"], destinations: ["centre"] },
  ...{ isStoring: true, isSetAside: false, residentBytes: 90_000_000 },
};

/**
 * A gateway's part in its being replaced, over `folder`, in virtual time: starts are of the same
 * machine, and what its buffer remembers lasts from one to the next.
 */
export function updatingRig(folder: UpdateFolder, config: object = {}) {
  const clock = new SimClock();
  const memory: { toldTo: number; update: PendingUpdate | null } = { toldTo: 0, update: null };
  const told: Turn[] = [];
  const done: Done[] = [];
  const claims: VersionClaims[] = [];
  const steps: string[] = [];
  const world = { well: WELL, alarms: [] as RestartFacts["alarms"], underWay: "a-1" };
  const buses = [{ name: "line" }];
  const whole = {
    gateway: { id: "gw-1" },
    ...{ buses, destinations: [{ name: "centre" }], update: null },
    ...config,
  } as unknown as GatewayConfig;
  const inside: UpdateInside = {
    look: () => world.well,
    restartFacts: () => ({
      ...{ alarms: world.alarms, interlocks: [], isCalibrating: false, isReconfiguring: false },
      ...{ windows: [], timeZone: "Asia/Shanghai", at: clock.now(), clock: clock.state() },
    }),
    restart: () => void steps.push("restart"),
    restate: () => void steps.push("restate"),
    tell: (turn) => void told.push(turn),
    commands: {
      get underWay() {
        return world.underWay;
      },
      get update() {
        return memory.update;
      },
      ordered: (release) => {
        const { underWay: id } = world;
        memory.update = { id, key: "op", counter: 1, order: "update", via: "centre", release };
      },
      conclude: (outcome) => {
        if (memory.update === null) return;
        memory.update = null;
        done.push(outcome);
      },
    },
    get toldTo() {
      return memory.toldTo;
    },
    noteTold: (to) => {
      memory.toldTo = to;
    },
  };
  const start = async () => {
    const updating = await Updating.open({
      ...{ clock, config: whole, release: "0.2.0", files: folder, memoryMaxBytes: 300_000_000 },
      sign: (said) => {
        claims.push(said);
        return `proof-${claims.length}`;
      },
    });
    const stop = new AbortController();
    const loop = updating.begin(inside, stop.signal);
    const running = loop.run().catch(() => {});
    return {
      updating,
      end: async () => {
        stop.abort(new Error("over"));
        await running;
      },
    };
  };
  return { clock, memory, told, done, claims, steps, world, start };
}
