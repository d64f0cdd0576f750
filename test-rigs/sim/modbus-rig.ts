import type { ReadRequest } from "../../drivers/driver.ts";
import { FakeLink, rtuAnswer, tcpFrame } from "../../drivers/modbus/fake-link.ts";
import { type ModbusBus, openModbus } from "../../drivers/modbus/modbus.ts";
import { BusLoop } from "../../edge/acquire/bus-loop.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { World } from "../../edge/world.ts";
import { SimClock } from "./clock.ts";

/** How long a unit takes for its answer, in milliseconds. */
const ANSWER_MS = 20;

/** The registers that a unit answers with where it is asked this address; null where it is silent. */
type Answer = (unit: number, address: number) => readonly number[] | null;

/** The real loop and driver in virtual time, on a line whose units answer so. An alarm watches a.x. */
export function modbusRig(bus: ModbusBus, requests: readonly ReadRequest[], answer: Answer) {
  const clock = new SimClock();
  const stop = new AbortController();
  const told: string[] = [];
  const readings: Reading[] = [];
  const asked: { readonly unit: number; readonly address: number }[] = [];
  let link = new FakeLink();
  const open = () => {
    const own = new FakeLink();
    link = own;
    own.onWrite = (frame) => {
      const { unit, address, answerWith } = questionOf(bus, frame);
      asked.push({ unit, address });
      const registers = answer(unit, address);
      if (registers === null) return;
      void clock.sleep(ANSWER_MS).then(() => own.send(answerWith(registers)));
    };
    return openModbus(own, clock, bus);
  };
  const loop = new BusLoop(
    {
      world: { clock, random: () => 0.5, log: () => {} } as unknown as World,
      name: "line-a",
      requests,
      watched: new Set(["a.x"]),
      isolation: {
        timeoutMs: bus.timeoutMs,
        deadBudget: 0.1,
        probeEveryMs: new Map(requests.map(({ unit }) => [unit, 30_000])),
      },
      open: async () => open(),
      split: () => null,
      onCut: () => {},
      rebind: null,
      onHealing: (rung) => told.push(rung),
      onReadings: (some) => readings.push(...some),
      onBusTurn: (to) => told.push(`bus ${to}`),
      onDeviceTurn: (device, to) => told.push(`${device} ${to}`),
      onImpaired: (device, impairment, isOver) => {
        const part = impairment.kind === "unanswered" ? impairment.request.address : "disturbed";
        told.push(`${device} ${isOver ? "reads" : "misses"} ${part}`);
      },
    },
    stop.signal,
  );
  const running = loop.run().catch(() => {});
  return {
    ...{ clock, loop, stop, running, told, asked },
    /** Sends what nobody asked for. */
    send: (bytes: Uint8Array) => link.send(bytes),
    of: (point: string) => readings.filter((reading) => reading.point === point),
  };
}

/** Whom `frame` asks, for which address, and what the answer looks like. */
function questionOf({ kind }: ModbusBus, frame: Uint8Array) {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const at = kind === "modbus-tcp" ? 6 : 0;
  const unit = view.getUint8(at);
  const answerWith = (registers: readonly number[]) => {
    const answer = rtuAnswer(unit, registers);
    if (kind !== "modbus-tcp") return answer;
    return tcpFrame(view.getUint16(0), [...answer.subarray(0, -2)]);
  };
  return { unit, address: view.getUint16(at + 2), answerWith };
}
