import { FakeLink } from "../../drivers/modbus/fake-link.ts";
import { openTalker, type Talker } from "../../drivers/serial/serial.ts";
import { ListenLoop } from "../../edge/acquire/listen-loop.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { World } from "../../edge/world.ts";
import { bytesIn } from "./any-split.ts";
import { SimClock } from "./clock.ts";

const TEXT = { kind: "number", suffix: null } as const;
const PLAIN = { scale: 1, offset: 0 };

/** Two columns of a line, or one field of a sentence. */
export const COLUMNS: Talker = {
  protocol: {
    kind: "text",
    ending: null,
    decimal: "point",
    layout: { kind: "columns", separator: ",", columns: null },
  },
  ask: null,
  points: [
    { id: "s.a", place: { kind: "column", column: 1, text: TEXT }, ...PLAIN },
    { id: "s.b", place: { kind: "column", column: 2, text: TEXT }, ...PLAIN },
  ],
};

export const SENTENCE: Talker = {
  protocol: { kind: "nmea" },
  ask: null,
  points: ["WIMWV", "WIMDA"].map((sentence) => ({
    id: `s.${sentence}`,
    place: { kind: "sentence", sentence, field: 1, only: null, valid: null, text: TEXT },
    ...PLAIN,
  })),
};

/** A line on which a test speaks; it can be cut, and a port can be refused. */
export function talkRig(
  talker: Talker,
  { everyMs = 1000, silentAfterMs = 3000, measured = (reading: Reading) => reading } = {},
) {
  const clock = new SimClock();
  const stop = new AbortController();
  const readings: Reading[] = [];
  const given: { readonly at: number; readonly reading: Reading }[] = [];
  const values: Reading[] = [];
  const told: string[] = [];
  let link = new FakeLink();
  let refused = false;
  let opened = 0;
  let answer: string | null = null;
  /** Whether the port hangs: nothing that the device says comes through. */
  let isDeaf = false;
  const loop = new ListenLoop(
    {
      world: { clock, random: () => 0.5, log: () => {} } as unknown as World,
      name: "gauge",
      points: talker.points.map(({ id }) => {
        return { id, device: id.slice(0, id.indexOf(".")), everyMs, silentAfterMs };
      }),
      askEveryMs: talker.ask === null ? null : everyMs,
      open: async () => {
        await clock.sleep(1);
        if (refused) throw new GatewayError("link.refused", "no such port");
        opened++;
        link = new FakeLink();
        link.onWrite = () => {
          if (answer === null) return;
          const bytes = bytesIn(answer);
          void clock.sleep(50).then(() => link.send(bytes));
        };
        const session = openTalker(link, clock, 9600, talker);
        // The end of a line whose beginning was not heard, so that the first in a test is whole.
        link.send(bytesIn("\r\n"));
        return session;
      },
      measure: (some) => {
        values.push(...some);
        return some.map(measured);
      },
      onReadings: (some) => {
        readings.push(...some);
        for (const reading of some) given.push({ at: clock.uptime(), reading });
      },
      rebind: () => {
        isDeaf = false;
        return Promise.resolve("done");
      },
      onHealing: (rung) => told.push(rung),
      onBusTurn: (to) => told.push(`bus ${to}`),
      onDeviceTurn: (_device, to) => told.push(to),
    },
    stop.signal,
  );
  const running = loop.run().catch(() => {});
  return {
    clock,
    loop,
    readings,
    given,
    values,
    told,
    stop,
    running,
    opened: () => opened,
    asked: () => link.written.length,
    say: (text: string) => {
      if (!isDeaf) link.send(bytesIn(text));
    },
    hang: () => {
      isDeaf = true;
    },
    cut: () => link.lose("the port is gone"),
    closed: () => link.closed,
    refuse: (on: boolean) => {
      refused = on;
    },
    answer: (text: string | null) => {
      answer = text;
    },
    of: (point: string) => readings.filter((reading) => reading.point === point),
  };
}

/** Lets a device say a line every `ms`, `times` times; `line` gets the number of the line. */
export async function talk(
  { clock, say }: ReturnType<typeof talkRig>,
  ms: number,
  times: number,
  line: (n: number) => string,
): Promise<void> {
  for (let n = 0; n < times; n++) {
    await clock.advance(ms);
    say(line(n));
  }
}
