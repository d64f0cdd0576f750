import test from "ava";
import { type LineTime, lineTimeOf, transactionMs, unansweredMs } from "./line-time.ts";

/** A line as in the tables of the measurements: 8N1 (10 bits), devices that answer at once. */
function line(baud: number): LineTime {
  const characterMs = 10_000 / baud;
  const silenceMs = baud > 19_200 ? 1.75 : 3.5 * characterMs;
  return { kind: "serial", framing: "rtu", characterMs, silenceMs, turnaroundMs: 0 };
}

function registers(count: number) {
  return { area: "holding", count } as const;
}

/** Ten, 60 and 125 registers: request 8, answer 5 + 2n characters, two silences. */
const PUBLISHED = [
  { baud: 9600, ms: [41.7, 145.8, 281.2] },
  { baud: 19_200, ms: [20.8, 72.9, 140.6] },
  { baud: 115_200, ms: [6.4, 15.0, 26.3] },
];

for (const { baud, ms } of PUBLISHED) {
  test(`reads of 10, 60 and 125 registers at ${baud} baud take what they are known to take`, (t) => {
    const times = [10, 60, 125].map((count) => transactionMs(line(baud), registers(count)));
    for (const [i, time] of times.entries()) t.true(Math.abs(time - (ms[i] as number)) <= 0.051);
  });
}

test("a line of 9600 baud carries 6.9 reads of 60 registers a second", (t) => {
  t.is((1000 / transactionMs(line(9600), registers(60))).toFixed(1), "6.9");
});

test("eight bits take as long as one, nine one character more", (t) => {
  const time = (count: number) => transactionMs(line(10_000), { area: "coil", count });
  t.is(time(8), time(1));
  t.is((time(9) - time(8)).toFixed(6), "1.000000");
  t.is(time(16), transactionMs(line(10_000), registers(1)));
});

test("the time that a device takes to answer counts", (t) => {
  const slow: LineTime = { ...line(9600), turnaroundMs: 30 };
  const more = transactionMs(slow, registers(10)) - transactionMs(line(9600), registers(10));
  t.is(more.toFixed(6), "30.000000");
});

test("what is known of the device wins over what is known of the line", (t) => {
  const pace = { timeoutMs: 2000, silenceMs: 10, turnaroundMs: 50 };
  const bare = transactionMs(line(10_000), registers(1));
  const own = transactionMs(line(10_000), { ...registers(1), pace });
  t.is((own - bare).toFixed(6), (50 + 10 - 3.5).toFixed(6));
  t.is(unansweredMs(line(10_000), 300, pace), 8 + 2000);
});

test("in ASCII every byte takes two characters, and the frame three more", (t) => {
  const rtu = { ...line(10_000), silenceMs: 0 } as LineTime;
  const ascii = { ...rtu, framing: "ascii" } as LineTime;
  t.is(transactionMs(rtu, registers(10)), 8 + 25);
  t.is(transactionMs(ascii, registers(10)), 1 + 2 * 7 + 2 + (1 + 2 * 24 + 2));
});

test("over TCP a read takes its round trip, whatever its length", (t) => {
  const tcp: LineTime = { kind: "tcp", turnaroundMs: 12 };
  t.is(transactionMs(tcp, registers(1)), 12);
  t.is(transactionMs(tcp, registers(125)), 12);
  t.is(unansweredMs(tcp, 1000), 1000);
});

test("a device that is silent costs the request and the time-out", (t) => {
  t.is(unansweredMs(line(10_000), 300), 308);
});

test("a serial bus is timed by its speed and format, with the silence that the session keeps", (t) => {
  const bus = { kind: "modbus-rtu", turnaroundMs: 5, silenceMs: null } as const;
  t.deepEqual(lineTimeOf({ ...bus, serial: { baud: 10_000, format: "8N1" } }), {
    kind: "serial",
    framing: "rtu",
    characterMs: 1,
    silenceMs: 3.85,
    turnaroundMs: 5,
  });
  t.like(lineTimeOf({ ...bus, silenceMs: 9, serial: { baud: 10_000, format: "8E1" } }), {
    characterMs: 1.1,
    silenceMs: 9,
  });
  t.deepEqual(lineTimeOf({ kind: "modbus-tcp", turnaroundMs: 7 }), {
    kind: "tcp",
    turnaroundMs: 7,
  });
});
