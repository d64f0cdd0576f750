import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { modbusDevice } from "../plant/modbus-device.ts";
import type { Signal } from "../plant/signal.ts";
import type { Fault } from "./fault.ts";
import { lineSite, qualityOf, TWO, wave } from "./site.ts";
import { storeHistory } from "./stored-history.ts";

/** What can be wrong with one quantity. */
export const POINT_FAULTS: readonly Fault[] = [
  {
    name: "a 4-20 mA loop is open",
    expected: "point.loop-open",
    subject: "m.level",
    isQuick: true,
    examine: async (bench) => {
      const current: Signal = {
        area: "input",
        address: 0,
        type: "uint16",
        scale: 0.001,
        valueAt: () => 0.02,
      };
      const place = "area: input, address: 0, type: uint16, scale: 0.001, unit: m";
      const yaml = `  m: { bus: line, unit: 3, every: 500ms, points: { level: { ${place}, loop: { low: 0, high: 5 } } } }`;
      const { home, whenever } = await lineSite(bench, [modbusDevice(3, [current])], yaml);
      await whenever("a fault", (status) => qualityOf(status, "m.level").endsWith(":loop-fault"));
      return bench.doctor(home.config);
    },
  },
  {
    name: "a sensor is stuck",
    expected: "point.stuck",
    subject: "a.x",
    isQuick: true,
    examine: async (bench) => {
      const devices = [1, 2].map((unit) => {
        return modbusDevice(unit, [{ ...wave(), valueAt: () => 1042 }]);
      });
      const now = Date.now();
      // Six hours of a restless sensor, the last half hour of them without a move.
      const isMoving = (at: number) => at <= now - 1_800_000;
      const valueAt = (at: number) => {
        return isMoving(at) ? 1000 + Math.round(50 * Math.sin(at / 7000)) : 1042;
      };
      const span = { from: now - 6 * 3_600_000, to: now - 5000, everyMs: 5000, valueAt };
      const { home, whenever } = await lineSite(bench, devices, TWO, {
        before: ({ dir }) => storeHistory(join(dir, "buffer"), "a.x", span),
      });
      await whenever("readings", (status) => qualityOf(status, "a.x") === "good");
      return bench.doctor(home.config);
    },
  },
  {
    name: "a calibration is overdue",
    expected: "point.calibration-overdue",
    subject: "m.ch4",
    isQuick: true,
    examine: async (bench) => {
      const calibration =
        "calibration: { pairs: [[0, 0], [50, 49]], on: 2025-05-01, due: 2026-05-01 }";
      const place = `area: holding, address: 0, type: uint16, unit: "%[LEL]", ${calibration}`;
      const yaml = `  m: { bus: line, unit: 3, every: 500ms, points: { ch4: { ${place} } } }`;
      const { home, whenever } = await lineSite(bench, [modbusDevice(3, [wave()])], yaml);
      await whenever("a reading", (status) => qualityOf(status, "m.ch4").endsWith(":calibration"));
      return bench.doctor(home.config);
    },
  },
];

/** What can be wrong with the gateway's process and what it was told. */
export const GATEWAY_FAULTS: readonly Fault[] = [
  {
    name: "the gateway does not run",
    expected: "gateway.down",
    isQuick: true,
    examine: async (bench) => {
      const devices = [1, 2].map((unit) => modbusDevice(unit, [wave()]));
      const { home, gateway } = await lineSite(bench, devices, TWO);
      await gateway.end("SIGKILL");
      return bench.doctor(home.config);
    },
  },
  {
    name: "the gateway's process restarts again and again",
    expected: "gateway.restarting",
    isQuick: true,
    examine: async (bench) => {
      const devices = [1, 2].map((unit) => modbusDevice(unit, [wave()]));
      const { home, gateway, whenever } = await lineSite(bench, devices, TWO);
      let running = gateway;
      for (let n = 0; n < 3; n++) {
        await whenever("stored", ({ buffer }) => buffer.heads.events > n);
        await running.end("SIGKILL");
        running = await home.start();
      }
      bench.defer(() => running.end("SIGKILL"));
      await whenever("readings", (status) => qualityOf(status, "a.x") === "good");
      return bench.doctor(home.config);
    },
  },
  {
    name: "the configuration was changed by hand",
    expected: "gateway.configuration-drift",
    isQuick: true,
    examine: async (bench) => {
      const devices = [1, 2].map((unit) => modbusDevice(unit, [wave()]));
      const { home, whenever } = await lineSite(bench, devices, TWO);
      await whenever("readings", (status) => qualityOf(status, "a.x") === "good");
      appendFileSync(
        home.config,
        "\nalarms: { high: { point: a.x, high: 1200, severity: yellow } }\n",
      );
      return bench.doctor(home.config);
    },
  },
];
