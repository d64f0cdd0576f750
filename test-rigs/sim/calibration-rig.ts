import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { loadConfig } from "../../config/load.ts";
import { AlarmDesk } from "../../edge/alarm/alarm-desk.ts";
import { CalibrationDesk } from "../../edge/calibrate/calibration-desk.ts";
import type { CalibrationOrder } from "../../edge/calibrate/orders.ts";
import type { AlarmMemory } from "../../edge/core/alarm-memory.ts";
import type { CalibrationBook, CalibrationStore } from "../../edge/core/calibration.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { Turn } from "../../edge/gateway-event.ts";
import { measureDeskOf } from "../../edge/measuring.ts";
import { SimClock } from "./clock.ts";

/** A detector with its alarms, a mean of two detectors with one of its own, and a valve. */
const SITE = `
gateway: { id: gw }
buses: { line: { kind: modbus-rtu, port: /dev/line } }
devices:
  gas-1:
    bus: line
    unit: 1
    points:
      gas: { area: input, address: 0, type: int16, unit: "%[LEL]", range: [0, 100], calibration: { every: 180d } }
      other: { area: input, address: 1, type: int16, unit: "%[LEL]" }
      mean: { derive: { kind: mean, of: [gas, other] } }
  valve-1: { bus: line, unit: 2, points: { shut: { area: coil, address: 0, type: bool, write: true } } }
alarms:
  high: { point: gas-1.gas, high: 50, severity: red, interlock: shut-off }
  mean-high: { point: gas-1.mean, high: 50, severity: red }
  lost: { point: gas-1.gas, bad: true, severity: blue }
  other-high: { point: gas-1.other, high: 50, severity: red }
interlocks: { shut-off: { write: valve-1.shut, value: true } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;

/** The site as it is configured, with `change` made to its text. */
export function siteConfig(change: (yaml: string) => string = (yaml) => yaml): GatewayConfig {
  const given = { profiles: new Map(), readFile: () => "", env: () => undefined };
  const { config, problems } = loadConfig(change(SITE), given);
  if (config === null) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return config;
}

/** Books in memory, which outlive the gateway; a disk that refuses where `isFull`. */
export class BooksInMemory implements CalibrationStore {
  readonly #books = new Map<string, CalibrationBook>();
  isFull = false;

  load() {
    return { books: [...this.#books.values()], unreadable: [] };
  }

  save(book: CalibrationBook): void {
    if (this.isFull) throw new GatewayError("calibration.unwritten", "no space left");
    this.#books.set(book.point, structuredClone(book));
  }
}

/** A desk of calibrations over real desks of measuring and alarms, in virtual time. */
export function calibrationRig({
  config = siteConfig(),
  clock = new SimClock(),
  store = new BooksInMemory(),
  memories = [] as readonly AlarmMemory[],
} = {}) {
  const units = new Map(allPoints(config).map(({ id, unit }) => [id, unit]));
  const kept = new Map<string, AlarmMemory>();
  const turns: Turn[] = [];
  /** What each device tells now. */
  const tells = new Map<string, number>();
  const measuring = measureDeskOf(clock, config);
  const alarms = new AlarmDesk({
    clock,
    rules: config.alarms,
    memories,
    unitOf: (point) => units.get(point) ?? null,
    onEvent: (event, memory) => kept.set(event.kind === "alarm" ? event.alarm : "", memory),
  });
  const told = (point: string): Reading => {
    const value = tells.get(point) ?? 0;
    return { point, value, quality: "good", at: clock.now(), uptime: clock.uptime() };
  };
  const end = new AbortController();
  const desk = new CalibrationDesk(
    {
      ...{ clock, config, store, desk: measuring },
      readOnce: async (point) => told(point),
      alarms: () => alarms.status(),
      actOnAlarm: (alarm, order) => alarms.act(alarm, order),
      isStored: async () => true,
      tell: (turn) => turns.push(turn),
    },
    end.signal,
  );
  alarms.resume();
  desk.resume();
  return {
    ...{ clock, store, config, turns, kept, measuring, tells },
    /** One round of readings, measured and judged; the first as `value quality`. */
    read: (point = "gas-1.gas") => {
      const [measured] = measuring.measured([told(point)]);
      alarms.judge(measured === undefined ? [] : [measured]);
      return `${measured?.value} ${measured?.quality}`;
    },
    act: (order: CalibrationOrder) => desk.act(order),
    /** Seconds pass over the alarms, one by one. */
    pass: async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        await clock.advance(1000);
        alarms.pass();
      }
    },
    stateOf: (alarm: string) => alarms.status().find((each) => each.alarm === alarm)?.state,
    /** SIGKILL, and a start on what was kept. */
    restart: (changed: { config?: GatewayConfig } = {}) => {
      end.abort();
      return calibrationRig({ config, clock, store, memories: [...kept.values()], ...changed });
    },
  };
}
