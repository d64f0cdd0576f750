import test from "ava";
import type { DeviceStatus } from "../../edge/core/measurement.ts";
import type { UptimeMs } from "../../edge/core/time.ts";
import { aMeasurement } from "../sim/a-measurement.ts";
import { POINT } from "../sim/a-point.ts";
import { BusTruth } from "../sim/bus-truth.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import { DeviceStates } from "./device-states.ts";
import type { Evidence } from "./invariants.ts";

const STATUS = { point: "d.status", values: new Map(), bits: new Map<number, DeviceStatus>() };
const MEASURED = { ...POINT, id: "d.m", measurement: aMeasurement({}, { status: STATUS }) };

/** What the bits are that the swarm gives a meaning. */
const OUT_OF_SPECIFICATION = 8;
const FUNCTION_CHECK = 16;

type Case = {
  /** When the life was killed; null: it went on. */
  readonly killedAt?: number | null;
  /** How often the status is committed; the point itself is every 50 ms. */
  readonly statusCommitMs?: number;
  /** What the device told, and when: the status in an answer of its own, or null: it did not answer. */
  readonly told?: readonly (readonly [number, number | null])[];
  /** What the status was read to be, as far as that is left. */
  readonly kept?: readonly (readonly [number, number])[];
  /** What it was in the answer that told the point, at 1000; left out where it was not in there. */
  readonly same?: number;
};

/** What may have been known of the device when its point was told at 1000. */
function statesAt1000(some: Case): readonly (string | null)[] {
  const { killedAt = 1050, statusCommitMs = 2000, told = [], kept = [], same } = some;
  const truth = new BusTruth("line");
  const ask = (points: readonly string[], at: number, held: ReadonlyMap<string, number> | null) => {
    const when = { at: at as UptimeMs, wall: (SIM_EPOCH + at) as never, end: at as UptimeMs };
    const request = truth.note({ unit: 1, pdu: Uint8Array.of(3), points, ...when, life: 1 });
    if (held === null) return null;
    const answer = truth.answer(request, Uint8Array.of(3), held);
    truth.heard(at as UptimeMs, when.wall, [answer]);
    return answer;
  };
  for (const [at, code] of told) {
    ask(["d.status"], at, code === null ? null : new Map([["d.status", code]]));
  }
  const held = new Map([["d.m", 1], ...(same === undefined ? [] : [["d.status", same] as const])]);
  const answer = ask([...held.keys()], 1000, held);
  const commitMsOf = new Map([["d.m", 50]]);
  const config = { points: [MEASURED], buffer: { commitMs: statusCommitMs, commitMsOf } };
  const lives = [{ from: 0, to: killedAt, isKilled: killedAt !== null, config }];
  const evidence = { config, truths: [truth], lives, diskFull: [], end: 90_000 };
  const status = kept.map(([at, value]) => {
    return { point: "d.status", at: SIM_EPOCH + at, value, quality: "good" };
  });
  const states = new DeviceStates(evidence as unknown as Evidence, MEASURED, status);
  return states.at(answer as NonNullable<typeof answer>, 1000, 0);
}

test("a status that was kept says what the device said", (t) => {
  t.deepEqual(statesAt1000({ same: OUT_OF_SPECIFICATION, kept: [[1000, OUT_OF_SPECIFICATION]] }), [
    "out-of-specification",
  ]);
  t.deepEqual(statesAt1000({ same: 0, kept: [[1000, 0]] }), [null]);
});

test("a status that a kill took is what the answer told that told the value", (t) => {
  t.deepEqual(statesAt1000({ same: OUT_OF_SPECIFICATION }), ["out-of-specification"]);
  t.deepEqual(statesAt1000({ same: FUNCTION_CHECK, kept: [[500, 0]] }), ["function-check"]);
});

test("a status that no kill can have taken was never read", (t) => {
  const same = OUT_OF_SPECIFICATION;
  t.deepEqual(statesAt1000({ same, killedAt: null }), ["status-unknown"]);
  t.deepEqual(statesAt1000({ same, killedAt: 60_000 }), ["status-unknown"]);
  t.deepEqual(statesAt1000({ same, statusCommitMs: 50 }), ["status-unknown"]);
  // What came later is left.
  t.deepEqual(statesAt1000({ same, kept: [[1010, same]] }), ["status-unknown"]);
});

test("of what a kill took of other answers each may have been the newest", (t) => {
  const kept = [[400, 0]] as const;
  const told = [[600, OUT_OF_SPECIFICATION]] as const;
  t.deepEqual(statesAt1000({ kept, told }), [null, "out-of-specification"]);
  t.deepEqual(statesAt1000({ kept, told, killedAt: null }), [null]);
  t.deepEqual(statesAt1000({ kept, told: [[300, FUNCTION_CHECK]] }), [null]);
});

test("a status that was not answered before a kill may be unknown", (t) => {
  t.deepEqual(statesAt1000({ kept: [[400, 0]], told: [[600, null]] }), [null, "status-unknown"]);
});
