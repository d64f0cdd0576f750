import test from "ava";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import type { WireRecord } from "../../drivers/wire-text.ts";
import type { WallMs } from "../core/time.ts";
import { type Exchange, exchangesIn } from "./exchanges.ts";

const MS = 1000;
const REQUEST = withCrc(Uint8Array.of(1, 3, 0, 0, 0, 2));
const ANSWER = withCrc(Uint8Array.of(1, 3, 4, 0, 1, 0, 2));

const at = (ms: number) => ({ fromUs: ms * MS, untilUs: ms * MS });
const sent = (ms: number, bytes = REQUEST): WireRecord => ({ kind: "sent", ...at(ms), bytes });
const received = (ms: number, bytes = ANSWER): WireRecord => {
  return { kind: "received", ...at(ms), bytes };
};
const failure = (ms: number, reason: "timeout" | "crc"): WireRecord => {
  return { kind: "failure", ...at(ms), reason };
};

const read = (...records: readonly WireRecord[]) =>
  exchangesIn(records, "rtu", (us) => (us / MS) as WallMs);
const shortly = ({ unit, reason, tookMs, lateMs, isEchoed }: Exchange) => {
  return { unit, reason, tookMs, lateMs, isEchoed };
};

test("a request and its answer are one exchange, with the time it took and the length to expect", (t) => {
  const [exchange, ...more] = read(sent(10), received(35));
  t.deepEqual(more, []);
  const { code, expected } = exchange as Exchange;
  t.deepEqual([code, expected], [3, 9]);
  const plain = { unit: 1, reason: null, tookMs: 25, lateMs: null, isEchoed: false };
  t.deepEqual(shortly(exchange as Exchange), plain);
});

test("an answer that comes when it was given up belongs to its own request, behind others too", (t) => {
  const other = withCrc(Uint8Array.of(2, 3, 0, 0, 0, 2));
  const late = read(sent(0), failure(200, "timeout"), received(320));
  t.deepEqual(late.map(shortly), [
    { unit: 1, reason: "timeout", tookMs: null, lateMs: 320, isEchoed: false },
  ]);
  const behind = read(
    sent(0),
    failure(200, "timeout"),
    sent(210, other),
    received(320),
    failure(410, "timeout"),
  );
  t.deepEqual(
    behind.map(({ unit, lateMs, received: { length } }) => ({ unit, lateMs, length })),
    [
      { unit: 1, lateMs: 320, length: 0 },
      { unit: 2, lateMs: null, length: 0 },
    ],
  );
});

test("what was sent and came back is told as an echo, and is no part of the answer", (t) => {
  const [echoed] = read(sent(0), received(1, Uint8Array.of(...REQUEST, ...ANSWER)));
  t.true(echoed?.isEchoed);
  t.deepEqual(echoed?.received, ANSWER);
});

test("a damaged answer keeps its bytes, and what is still under way is left out", (t) => {
  const damaged = ANSWER.map((byte, i) => (i === 4 ? byte ^ 1 : byte));
  const [exchange, ...more] = read(sent(0), received(20, damaged), failure(20, "crc"), sent(500));
  t.deepEqual([exchange?.reason, exchange?.received], ["crc", damaged]);
  t.deepEqual(more, []);
});

test("over TCP the unit stands behind the header, and the length counts it", (t) => {
  const request = Uint8Array.of(0, 7, 0, 0, 0, 6, 9, 4, 0, 0, 0, 10);
  const answer = Uint8Array.of(0, 7, 0, 0, 0, 23, 9, 4, 20, ...new Uint8Array(20));
  const [exchange] = exchangesIn([sent(0, request), received(5, answer)], "tcp", () => 0 as WallMs);
  t.deepEqual([exchange?.unit, exchange?.code, exchange?.expected], [9, 4, answer.length]);
});
