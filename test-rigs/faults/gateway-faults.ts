import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../field/rig.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import type { GatewayHome } from "../processes/gateway.ts";
import type { Bench, Fault } from "./fault.ts";
import { areRead, openLine, PATIENT, startSite, twoDevices, wave } from "./line-story.ts";
import { storeHistory } from "./stored-history.ts";

/** What can be wrong with the gateway's process and what it was told, and what it has stored. */
export const GATEWAY_FAULTS: readonly Fault[] = [
  {
    name: "the gateway does not run",
    expected: "gateway.down",
    isQuick: true,
    examine: async (bench) => {
      const { home, gateway } = await sound(bench);
      await gateway.end("SIGKILL");
      return bench.doctor(home.config);
    },
  },
  {
    name: "the gateway's process hangs",
    expected: "gateway.hung",
    isQuick: true,
    examine: async (bench) => {
      const { home, gateway } = await sound(bench);
      gateway.signal("SIGSTOP");
      return bench.doctor(home.config);
    },
  },
  {
    name: "the gateway's process restarts again and again",
    expected: "gateway.restarting",
    isQuick: true,
    examine: async (bench) => {
      const { home, gateway } = await sound(bench);
      let running = gateway;
      for (let starts = 1; starts < 4; starts++) {
        const isStored = async () => (await home.status()).buffer.heads.events >= 2 * starts;
        await until("stored", 30_000, isStored);
        await running.end("SIGKILL");
        running = await home.start();
        bench.defer(() => running.end("SIGKILL"));
      }
      await areAllRead(home);
      return bench.doctor(home.config);
    },
  },
  {
    name: "the configuration was changed by hand",
    expected: "gateway.configuration-drift",
    isQuick: true,
    examine: async (bench) => {
      const { home } = await sound(bench);
      const alarms = "alarms: { high: { point: line-a.x, high: 1200, severity: yellow } }";
      appendFileSync(home.config, `\n${alarms}\n`);
      return bench.doctor(home.config);
    },
  },
  {
    name: "a sensor is stuck",
    expected: "point.stuck",
    subject: "line-a.x",
    isQuick: true,
    examine: async (bench) => {
      const now = Date.now();
      // Six hours of a restless sensor, the last half hour of them without a move.
      const isMoving = (at: number) => at <= now - 1_800_000;
      const valueAt = (at: number) => {
        return isMoving(at) ? 1000 + Math.round(50 * Math.sin(at / 7000)) : STUCK_AT;
      };
      const span = { from: now - 6 * 3_600_000, to: now - 5000, everyMs: 5000, valueAt };
      const { home } = await sound(bench, {
        first: { ...wave(), valueAt: () => STUCK_AT },
        before: ({ dir }) => storeHistory(join(dir, "buffer"), "line-a.x", span),
      });
      return bench.doctor(home.config);
    },
  },
];

const STUCK_AT = 1042;

type Sound = {
  /** What the first device shows. */
  readonly first?: ReturnType<typeof wave>;
  readonly before?: (home: GatewayHome) => Promise<void>;
};

/** A gateway that reads two devices well. */
export async function sound(bench: Bench, { first = wave(), before }: Sound = {}) {
  const devices = [modbusDevice(1, [first]), modbusDevice(2, [wave()])];
  const { yaml } = openLine(bench, "line", { devices, settings: PATIENT });
  const site = `buses:\n  ${yaml}\ndevices:\n${twoDevices("line")}`;
  const running = await startSite(bench, site, before);
  await areAllRead(running.home);
  return running;
}

async function areAllRead(home: GatewayHome): Promise<void> {
  await until("readings", 30_000, async () => areRead("line")(await home.status()));
}
