import test from "ava";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import { CHIP_HZ } from "./chip.ts";
import { ask, exchange, inputs, runningNode, set, settings } from "./node.ts";

const text = (bytes: readonly number[]) => String.fromCharCode(...bytes);
const CHARACTER = (10 * CHIP_HZ) / 9600;

test("settings are read, written one by one and several at once, and read back", (t) => {
  const board = runningNode();
  t.deepEqual(settings(board, 0, 8), [1, 96, 1100, 0, 10, 1, 0, 50_000]);
  t.deepEqual(ask(board, 6, 0, 4, 0, 20), [6, 0, 4, 0, 20]);
  t.deepEqual(set(board, 5, 0, 100, 60_000), [16, 0, 5, 0, 3]);
  t.deepEqual(settings(board, 4, 4), [20, 0, 100, 60_000]);
});

test("what cannot be done is refused with the exception of the standard", (t) => {
  const board = runningNode();
  const refusals: readonly (readonly [readonly number[], number])[] = [
    [[5, 0, 0, 0xff, 0], 1],
    [[8, 0, 1, 0, 0], 1],
    [[43, 13, 0, 0], 1],
    [[4, 0, 11, 0, 1], 2],
    [[4, 0, 10, 0, 2], 2],
    [[4, 0, 99, 0, 2], 2],
    [[4, 0, 119, 0, 2], 2],
    [[4, 0xff, 0xff, 0, 125], 2],
    [[3, 0, 23, 0, 1], 2],
    [[6, 0, 23, 0, 1], 2],
    [[16, 0, 22, 0, 2, 4, 0, 1, 0, 1], 2],
    [[43, 14, 4, 3], 2],
    [[4, 0, 0, 0, 0], 3],
    [[4, 0, 0, 0, 126], 3],
    [[3, 0, 0], 3],
    [[6, 0, 0, 0, 248], 3],
    [[6, 0, 1, 0, 97], 3],
    [[16, 0, 0, 0, 1, 3, 0, 1], 3],
    [[16, 0, 5, 0, 3, 6, 0, 1, 0, 7, 0, 7], 3],
    [[43, 14, 5, 0], 3],
  ];
  for (const [pdu, code] of refusals) {
    t.deepEqual(ask(board, ...pdu), [(pdu[0] as number) | 0x80, code], `${pdu}`);
  }
  t.deepEqual(settings(board, 0, 8), [1, 96, 1100, 0, 10, 1, 0, 50_000]);
});

test("it says who it is, by function 17 and by function 43/14, whole and object by object", (t) => {
  const board = runningNode();
  const [code, length, ...id] = ask(board, 17) ?? [];
  t.deepEqual([code, length], [17, id.length]);
  t.is(text(id), "\x01\xfflifeline-node 1.0");
  const stream = ask(board, 43, 14, 1, 0) ?? [];
  t.deepEqual(stream.slice(0, 7), [43, 14, 1, 0x81, 0, 0, 3]);
  t.is(text(stream.slice(7)), "\0\rLifeline Edge\x01\rlifeline-node\x02\x031.0");
  const single = ask(board, 43, 14, 4, 2) ?? [];
  t.is(text(single), "+\x0e\x04\x81\0\0\x01\x02\x031.0");
  t.is(text(ask(board, 43, 14, 3, 9) ?? []).slice(6, 9), "\x03\0\r");
});

test("diagnostics give the data back, also a whole frame of them", (t) => {
  const board = runningNode();
  const data = Array.from({ length: 250 }, (_, i) => i);
  t.deepEqual(ask(board, 8, 0, 0, ...data), [8, 0, 0, ...data]);
});

test("a broadcast is done and not answered, nor is a request to another unit", (t) => {
  const board = runningNode();
  t.is(exchange(board, withCrc(Uint8Array.of(0, 6, 0, 4, 0, 30))).length, 0);
  t.deepEqual(settings(board, 4, 1), [30]);
  t.is(exchange(board, withCrc(Uint8Array.of(2, 6, 0, 4, 0, 40))).length, 0);
  t.deepEqual(settings(board, 4, 1), [30]);
  t.is(exchange(board, withCrc(Uint8Array.of(0, 4, 0, 0, 0, 1))).length, 0);
});

test("a broadcast gives no node another unit, or a whole line would have one", (t) => {
  const board = runningNode();
  const frame = withCrc(Uint8Array.of(0, 16, 0, 0, 0, 2, 4, 0, 7, 0, 192));
  t.is(exchange(board, frame).length, 0);
  t.deepEqual(settings(board, 0, 2), [1, 96]);
});

test("what comes while settings are being stored is thrown away, and the next is answered", (t) => {
  const board = runningNode();
  board.receive(withCrc(Uint8Array.of(0, 6, 0, 4, 0, 30)));
  board.run(40);
  t.is(exchange(board, withCrc(Uint8Array.of(1, 3, 0, 0, 0, 1))).length, 0);
  t.deepEqual(settings(board, 4, 1), [30]);
  t.deepEqual(inputs(board, 8, 1), [1]);
});

test("a transmitter that never ends lets go of the line within 6 seconds", (t) => {
  const board = runningNode();
  board.outside.isTransmitterStuck = true;
  board.receive(withCrc(Uint8Array.of(1, 3, 0, 0, 0, 1)));
  board.run(1000);
  t.is(board.driver.at(-1)?.isOn, true);
  board.run(5000);
  t.is(board.driver.at(-1)?.isOn, false);
  t.is(board.watchdogResets, 1);
  board.outside.isTransmitterStuck = false;
  t.deepEqual(settings(board, 0, 1), [1]);
});

test("a new unit and a new speed hold from the answer on, which still has the old ones", (t) => {
  const board = runningNode();
  t.deepEqual(ask(board, 16, 0, 0, 0, 2, 4, 0, 9, 4, 0x80), [16, 0, 0, 0, 2]);
  board.baud = 115_200;
  const request = withCrc(Uint8Array.of(9, 3, 0, 0, 0, 2));
  t.deepEqual([...exchange(board, request).subarray(3, 7)], [0, 9, 4, 0x80]);
});

test("a frame with a wrong check sum is not answered, is counted, and disturbs nothing", (t) => {
  const board = runningNode();
  const frame = withCrc(Uint8Array.of(1, 6, 0, 4, 0, 99));
  frame[5] = 98;
  t.is(exchange(board, frame).length, 0);
  t.is(settings(board, 4, 1)[0], 10);
  t.is(inputs(board, 7, 1)[0], 1);
});

test("a gap over 1.5 characters within a frame voids it; a shorter one does not", (t) => {
  const board = runningNode();
  const frame = withCrc(Uint8Array.of(1, 3, 0, 0, 0, 1));
  const answersAt = (gapMs: number) => {
    const before = board.sent.length;
    board.receive(frame, gapMs);
    board.run(200);
    return board.sent.length - before;
  };
  t.is(answersAt(1.4), 7);
  t.is(answersAt(1.8), 0);
  t.is(inputs(board, 8, 1)[0], 1);
  t.is(answersAt(0), 7);
});

test("two frames 3.5 characters apart are two, and no answer comes before such a silence", (t) => {
  const board = runningNode();
  const other = withCrc(Uint8Array.of(2, 3, 0, 0, 0, 1));
  const own = withCrc(Uint8Array.of(1, 3, 0, 0, 0, 1));
  board.receive(other);
  board.run(other.length * (10_000 / 9600) + 3.7);
  const before = board.sent.length;
  board.receive(own);
  board.run(own.length * (10_000 / 9600));
  const end = board.outside.cycles;
  board.run(200);
  const answer = board.sent.slice(before);
  t.is(answer.length, 7);
  const silence = ((answer[0]?.from ?? 0) - end) / CHARACTER;
  t.true(silence >= 3.5 && silence < 5, `${silence}`);
});

test("a frame longer than any, and noise, are thrown away, and the next request is answered", (t) => {
  const board = runningNode();
  t.is(exchange(board, new Uint8Array(300).fill(1)).length, 0);
  t.is(exchange(board, Uint8Array.of(0xff)).length, 0);
  t.deepEqual(ask(board, 8, 0, 0, 1, 2), [8, 0, 0, 1, 2]);
});

for (const baud of [1200, 9600, 19_200, 115_200]) {
  test(`at ${baud} baud the driver covers every answer and lets go within a character after it`, (t) => {
    const board = runningNode();
    set(board, 1, baud / 100);
    board.baud = baud;
    board.sent.length = 0;
    board.driver.length = 0;
    for (const pdu of [[17], [4, 0, 100, 0, 20], [5, 0, 0, 0, 0]]) {
      t.true(exchange(board, withCrc(Uint8Array.of(1, ...pdu))).length > 0);
    }
    const character = (10 * CHIP_HZ) / baud;
    t.is(board.driver.length, 6);
    let covered = 0;
    for (let i = 0; i < board.driver.length; i += 2) {
      const [on, off] = board.driver.slice(i, i + 2);
      const within = board.sent.filter(({ from }) => from >= on!.at && from < off!.at);
      covered += within.length;
      const afterwards = off!.at - within.at(-1)!.to;
      t.true(afterwards >= 0 && afterwards < character, `${afterwards / character} characters`);
      t.true(within[0]!.from - on!.at < character);
    }
    t.is(covered, board.sent.length);
  });
}

test("answers have no gap over 1.5 characters within, while the node measures and counts", (t) => {
  const board = runningNode();
  board.sent.length = 0;
  ask(board, 4, 0, 100, 0, 20);
  const gaps = board.sent.slice(1).map(({ from }, i) => from - board.sent[i]!.to);
  t.true(Math.max(...gaps) < 1.5 * CHARACTER);
});
