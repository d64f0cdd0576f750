import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../edge/control/status.ts";
import { until } from "../field/rig.ts";
import { startChild } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import type { Board, SentCharacter } from "./board.ts";
import { CHIP_HZ } from "./chip.ts";
import { openBoard } from "./live-board.ts";
import { standardFirmata, withStandardFirmata } from "./standard-firmata.ts";

const WAIT_MS = 30_000;
/** The pin whose edges the board notes with their moments. */
const SIREN = 4;
const VENT = 5;
/** From the report that shows the alarm to the pin; a loaded machine takes longer than a quiet one. */
const ACT_MS = 2_000;

const yaml = (path: string) => `
buses: { node: { kind: firmata, port: ${path} } }
devices:
  box:
    bus: node
    every: 250ms
    silentAfter: 4s
    points:
      gas: { pin: A1 }
      siren: { pin: ${SIREN}, write: true }
      vent: { pin: ${VENT}, write: true }
alarms: { gas-high: { point: box.gas, high: 4, severity: red, interlock: siren } }
interlocks: { siren: { write: box.siren, value: true, release: false, test: 1s } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1" } }`;

/** When the first report that shows more than 4 V at A1 had left the board, in cycles. */
function reportedAt(sent: readonly SentCharacter[]): number {
  const at = sent.findIndex(({ value }, i) => {
    const [low, high] = [sent[i + 1]?.value ?? 0, sent[i + 2]?.value ?? 0];
    return value === 0xe1 && low + (high << 7) > (4 / 5) * 1023;
  });
  return sent[at + 2]?.to ?? Number.NaN;
}

async function becomes(home: GatewayHome, state: string): Promise<Status> {
  let status: Status | null = null;
  let last = "nothing";
  await until("", WAIT_MS, async () => {
    status = await home.status();
    last = JSON.stringify([status.interlocks, status.points]);
    return status.interlocks[0]?.state === state;
  }).catch((cause) => {
    throw new Error(`not ${state}, but ${last}`, { cause });
  });
  return status as unknown as Status;
}

async function lifeline(home: GatewayHome, ...words: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...words, "--config", home.config]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

function isGood({ points }: Status, point: string): boolean {
  return points.some((each) => each.point === point && each.quality === "good");
}

const drives = (board: Board, pin: number, isHigh: boolean) =>
  until(`D${pin} ${isHigh}`, WAIT_MS, () => board.drives(pin) === isHigh);

withStandardFirmata(
  "a real pin is driven by an alarm, by a crew, and anew after a reset",
  async (t) => {
    t.timeout(120_000);
    const live = openBoard(standardFirmata(), { wiring: "usb", baud: 57_600 });
    t.teardown(() => live.close());
    const { board } = live;
    const { outside } = board;
    outside.volts[1] = 1;
    const home = gatewayHome(yaml(live.path));
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    await until("good points", WAIT_MS, async () => {
      const status = await home.status();
      return isGood(status, "box.gas") && isGood(status, "box.siren");
    });
    t.is(board.drives(SIREN), false);

    // An alarm, from the last byte of the report that shows it to the edge at the pin.
    board.sent.length = 0;
    board.driver.length = 0;
    outside.volts[1] = 4.5;
    await becomes(home, "tripped");
    t.is(board.drives(SIREN), true);
    await until("the pin's value", WAIT_MS, async () => {
      const { points } = await home.status();
      return points.some(({ point, value }) => point === "box.siren" && value === true);
    });
    const edge = board.driver.find(({ isOn }) => isOn)?.at ?? Number.NaN;
    const tookMs = ((edge - reportedAt(board.sent)) * 1000) / CHIP_HZ;
    t.log(`from the report to the pin: ${tookMs.toFixed(1)} ms`);
    t.true(tookMs > 0 && tookMs < ACT_MS, `${tookMs} ms`);

    // Another pin of the same port, by hand: the siren goes on.
    const wrote = await lifeline(home, "write", "box.vent", "true", "--yes");
    t.is(wrote.code, 0, wrote.text);
    t.is(board.drives(VENT), true);
    t.is(board.drives(SIREN), true);
    const read = await lifeline(home, "read", "box.vent", "box.siren", "--json");
    t.is(read.code, 0, read.text);
    t.like(JSON.parse(read.text).readings, [{ value: true }, { value: true }]);

    // A new reader on a board that goes on: nothing falls meanwhile.
    const edges = board.driver.length;
    const [reader] = readerOf(gateway.pid);
    process.kill(reader, "SIGKILL");
    await until("the siren's point bad", WAIT_MS, async () => {
      return !isGood(await home.status(), "box.siren");
    });
    await until("good points again", WAIT_MS, async () => {
      return isGood(await home.status(), "box.siren");
    });
    t.is(board.driver.length, edges, "the pin never fell");
    t.is(board.drives(VENT), true);

    // The button: all fall, and what the alarm wants is told anew.
    board.pressReset();
    await drives(board, SIREN, false);
    await drives(board, SIREN, true);
    t.is(board.drives(VENT), false);

    // The alarm is over; a crew tries the siren.
    outside.volts[1] = 1;
    await becomes(home, "idle");
    t.is(board.drives(SIREN), false);
    const tried = lifeline(home, "interlock", "test", "siren", "--yes");
    await drives(board, SIREN, true);
    const { code, text } = await tried;
    t.is(code, 0, text);
    t.is(board.drives(SIREN), false);

    // Without its gateway it stays as it is.
    outside.volts[1] = 4.5;
    await becomes(home, "tripped");
    await gateway.end("SIGKILL");
    await sleep(1_000);
    t.is(board.drives(SIREN), true);
  },
);

/** The process that reads the board. */
function readerOf(pid: number): [number] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number) as [number];
}
