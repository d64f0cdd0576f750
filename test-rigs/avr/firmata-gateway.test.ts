import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import type { Status } from "../../edge/control/status.ts";
import { until } from "../field/rig.ts";
import { openPty } from "../plant/pty.ts";
import { startChild } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { Ads1115 } from "./ads1115.ts";
import { BoschChip } from "./bosch-chip.ts";
import { type LiveBoard, openBoard } from "./live-board.ts";
import type { Outside } from "./outside.ts";
import { standardFirmata, withStandardFirmata } from "./standard-firmata.ts";

const WAIT_MS = 30_000;
/** A loaded machine lets everything take longer; a period of the points is less. */
const AT_ONCE_MS = 1_500;

const yaml = (path: string) => `
buses: { node: { kind: firmata, port: ${path} } }
devices:
  board:
    bus: node
    every: 250ms
    silentAfter: 4s
    points:
      volts: { pin: A0 }
      gas: { pin: A1, scale: 20 }
      lid: { pin: 7, pullUp: true }
      bridge: { chip: { kind: ads1115, address: 0x48, between: [0, 1], range: 256mV }, scale: 1000, unit: mV }
      temp: { chip: { kind: bmp280, address: 0x76 }, quantity: temperature }
      air: { chip: { kind: bmp280, address: 0x76 }, quantity: pressure }
      damp: { chip: { kind: bme280, address: 0x77 }, quantity: humidity }
alarms: { volts-low: { point: board.volts, low: 1, severity: red, latch: true } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1" } }`;

type Test = { teardown(end: () => void | Promise<void>): void };

/** A board with an ADS1115 and a BMP280; the BME280 that the gateway looks for is not there. */
function aBoard(t: Test) {
  const live = openBoard(standardFirmata(), { wiring: "usb", baud: 57_600 });
  t.teardown(() => live.close());
  const { outside } = live.board;
  const bridge = new Ads1115(0x48);
  const bmp280 = new BoschChip(0x76, 0x58);
  outside.i2c.add(bridge);
  outside.i2c.add(bmp280);
  live.board.setLevel(7, true);
  return { live, outside, bridge, bmp280 };
}

async function aGateway(t: Test, { path }: Pick<LiveBoard, "path">) {
  const home = gatewayHome(yaml(path));
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  return { home, gateway };
}

const pointIn = ({ points }: Status, point: string) =>
  points.find((each) => each.point === `board.${point}`) ?? null;

/** Waits until the gateway tells `point` as `is` wants it; when it was acquired. */
async function becomes(
  home: GatewayHome,
  point: string,
  is: (value: unknown, quality: string) => boolean,
  ms = WAIT_MS,
): Promise<number> {
  let last = "nothing";
  let at = 0;
  const look = async () => {
    const told = pointIn(await home.status(), point);
    last = JSON.stringify(told);
    at = told?.at ?? 0;
    return told !== null && is(told.value, told.quality);
  };
  await until("", ms, look).catch((cause) => {
    throw new Error(`it stays at ${last}`, { cause });
  });
  return at;
}

const near = (wanted: number, by: number) => (value: unknown, quality: string) =>
  quality === "good" && Math.abs(Number(value) - wanted) <= by;
const isBad = (value: unknown, quality: string) => value === null && quality.startsWith("bad:");
const isClosed = (value: unknown, quality: string) =>
  value === null && quality === "bad:link-closed";

/** The processes that `pid` started and that still run. */
function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

withStandardFirmata(
  "a board's pins and chips are followed, and what is not there never becomes good",
  async (t) => {
    t.timeout(90_000);
    const { live, outside, bridge, bmp280 } = aBoard(t);
    outside.volts[0] = 1.25;
    outside.volts[1] = 2.5;
    bridge.volts[0] = 0.0035;
    const { home } = await aGateway(t, live);
    await becomes(home, "volts", near(1.25, 0.006));
    await becomes(home, "gas", near(50, 0.2));
    await becomes(home, "lid", (value, quality) => value === true && quality === "good");
    await becomes(home, "bridge", near(3.5, 0.005));
    await becomes(home, "temp", near(25.08, 0));
    await becomes(home, "air", near(100.656, 0));
    const { buses } = await home.status();
    t.like(buses[0], {
      state: "open",
      board: {
        firmware: "StandardFirmata 2.5",
        faults: [{ source: "bme280@119 humidity", fault: "no-answer" }],
      },
    });
    t.true(isBad(...damp(await home.status())));

    outside.volts[0] = 4;
    live.board.setLevel(7, false);
    bridge.volts[0] = -0.002;
    await becomes(home, "volts", near(4, 0.006));
    await becomes(home, "lid", (value) => value === false);
    await becomes(home, "bridge", near(-2, 0.005));

    // A chip that is pulled off, and one that was without power for a moment.
    outside.i2c.delete(bridge);
    await becomes(home, "bridge", isBad);
    await becomes(home, "air", near(100.656, 0));
    outside.i2c.add(bridge);
    await becomes(home, "bridge", near(-2, 0.005));
    bmp280.powerUp();
    await becomes(home, "temp", isBad);
    await becomes(home, "temp", near(25.08, 0));

    t.is(live.board.lost, 0, "characters on the way to the board");

    // The button: the board forgets what each pin is for, and would say that all are low.
    live.board.setLevel(7, true);
    await becomes(home, "lid", (value) => value === true);
    live.board.pressReset();
    await becomes(home, "lid", isClosed);
    await becomes(home, "lid", (value, quality) => value === true && quality === "good");
    t.true(isBad(...damp(await home.status())));
  },
);

function damp(status: Status): [unknown, string] {
  const told = pointIn(status, "damp");
  return [told?.value ?? null, told?.quality ?? "bad:not-yet-read"];
}

/** What waited in the port while the reader was held up must not be told as of now. */
async function holdUp(
  t: Pick<ExecutionContext, "is" | "true">,
  {
    home,
    reader,
    outside,
  }: { readonly home: GatewayHome; readonly reader: number; readonly outside: Outside },
): Promise<void> {
  process.kill(reader, "SIGSTOP");
  await sleep(100);
  // Nobody but the port hears of this, which would raise the alarm.
  outside.volts[0] = 0.5;
  await becomes(home, "volts", isBad);
  outside.volts[0] = 2;
  await sleep(500);
  process.kill(reader, "SIGCONT");
  await becomes(home, "volts", near(2, 0.006));
  t.is((await home.status()).alarms[0]?.state, "normal");
  t.true(isRunning(reader), "it was only held up");
}

withStandardFirmata(
  "a board that is pulled out and a reader that is killed are bad at once, and good again by themselves",
  async (t) => {
    t.timeout(90_000);
    const { live, outside } = aBoard(t);
    outside.volts[0] = 3;
    const { home, gateway } = await aGateway(t, live);
    await becomes(home, "volts", near(3, 0.006));

    const pulled = Date.now();
    live.pty.unplug();
    t.true((await becomes(home, "volts", isClosed)) - pulled < AT_ONCE_MS);
    t.true((await becomes(home, "lid", isClosed)) - pulled < AT_ONCE_MS + 500);
    await sleep(1_000);
    live.pty.plug();
    outside.volts[0] = 2;
    await becomes(home, "volts", near(2, 0.006));

    const [reader] = childrenOf(gateway.pid) as [number];
    await holdUp(t, { home, reader, outside });

    const killed = Date.now();
    process.kill(reader, "SIGKILL");
    t.true((await becomes(home, "volts", isClosed)) - killed < AT_ONCE_MS);
    await becomes(home, "volts", near(2, 0.006));
    const [next] = childrenOf(gateway.pid) as [number];
    t.not(next, reader);

    // The reader ends with the gateway, however that ended.
    await gateway.end("SIGKILL");
    await until("the end of the reader", 5_000, () => !isRunning(next));
  },
);

test("a board whose firmware answers for absent chips is refused, and status says what to do", async (t) => {
  t.timeout(60_000);
  const pty = openPty();
  t.teardown(() => pty.close());
  const name = [..."StandardFirmata.ino"].flatMap((each) => [each.charCodeAt(0), 0]);
  const hello = [0xf9, 2, 4, 0xf0, 0x79, 2, 4, ...name, 0xf7];
  const timer = setInterval(() => pty.write(Uint8Array.from(hello)), 200);
  t.teardown(() => clearInterval(timer));
  const { home } = await aGateway(t, pty);
  let trouble = "";
  await until("the refusal", WAIT_MS, async () => {
    trouble = (await home.status()).buses[0]?.trouble ?? "";
    return trouble !== "";
  });
  t.regex(trouble, /runs (StandardFirmata|Firmata) 2\.4, .*StandardFirmata 2\.5 or later/);
  t.true(isBad(...damp(await home.status())));
  const trace = startChild(process.execPath, [MAIN, "trace", "node", "--config", home.config]);
  t.is(await trace.exited, 1);
  t.regex(trace.lines.join("\n"), /node is a board or a GPIO chip: .* not recorded/);
});
