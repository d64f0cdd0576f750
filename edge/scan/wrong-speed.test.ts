import test from "ava";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import { FakeLink, inTime } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { ProbeKind } from "./examine.ts";
import { faultsIn } from "./faults.ts";
import { scanPass } from "./pass.ts";

const NEVER = new AbortController().signal;
/** The speed at which the gateway listens, 8N1. */
const OURS = 9600;

/** What a wire carries, as levels of `baud` bits a second: start, 8 data from the lowest, stop. */
function levelsOf(bytes: Uint8Array): readonly number[] {
  return [...bytes].flatMap((byte) => {
    return [0, ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1), 1];
  });
}

/**
 * The bytes that a receiver at `ours` sees of what was sent at `theirs`: after a falling edge it
 * looks at the middle of each of its own bits. A byte without its stop bit is handed on all the
 * same, as serial ports do.
 */
function seenAt(ours: number, theirs: number, bytes: Uint8Array): Uint8Array {
  const levels = levelsOf(bytes);
  const lastsS = levels.length / theirs;
  const levelAt = (s: number) => (s < lastsS ? (levels[Math.floor(s * theirs)] ?? 1) : 1);
  const seen: number[] = [];
  const stepS = 1 / ours / 16;
  for (let s = 0; s < lastsS; s += stepS) {
    if (levelAt(s) === 1) continue;
    const bits = Array.from({ length: 8 }, (_, bit) => levelAt(s + (1.5 + bit) / ours));
    seen.push(bits.reduce((byte, level, bit) => byte | (level << bit), 0));
    s += 9.5 / ours;
    // A line that is still low is no new edge.
    while (s < lastsS && levelAt(s) === 0) s += stepS;
  }
  return Uint8Array.from(seen);
}

/** What a search does, and whether devices answer also what they do not understand. */
type Some = { readonly probe: ProbeKind; readonly isDeaf?: boolean };

/** What a search finds wrong where devices at `units` hear and answer at `theirs`. */
async function faultsAt(theirs: number, units: readonly number[], { probe, isDeaf }: Some) {
  const clock = new SimClock();
  const link = new FakeLink();
  const bus = { kind: "modbus-rtu", serial: { baud: OURS }, timeoutMs: 100, graceMs: 100 } as const;
  const session = openModbus(link, clock, bus);
  link.onWrite = (frame) => {
    const [unit = 0, code = 0] = frame;
    const isUnderstood = Buffer.from(seenAt(theirs, OURS, frame)).equals(Buffer.from(frame));
    if (!units.includes(unit) || (isDeaf === true && !isUnderstood)) return;
    const answer = withCrc(Uint8Array.of(unit, code | 0x80, 2));
    clock.at(clock.uptime() + frame.length + 20, () => link.send(seenAt(OURS, theirs, answer)));
  };
  const pass = scanPass(
    {
      open: () =>
        Promise.resolve({
          isShared: false,
          probe: async (unit, query, timeoutMs) => {
            const pace = { timeoutMs, silenceMs: null, turnaroundMs: null };
            const outcome = await session.query?.({ device: "x", unit, pace, query }, NEVER);
            return outcome ?? Promise.reject();
          },
        }),
      units: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      models: [],
      probe,
      timeoutMs: 100,
      patientMs: 100,
      onUnit: () => {},
    },
    NEVER,
  );
  const { reports, foreign } = await inTime(clock, pass);
  return faultsIn(reports, foreign).map(({ kind }) => kind);
}

test("a receiver at the same speed sees what was sent", (t) => {
  const bytes = Uint8Array.of(0x00, 0xff, 0x55, 0x01, 0x80);
  t.deepEqual(seenAt(OURS, OURS, bytes), bytes);
  t.notDeepEqual(seenAt(OURS, 19_200, bytes), bytes);
});

for (const probe of ["careful", "read"] as const) {
  test(`answers at another speed are told as wrong settings (${probe})`, async (t) => {
    for (const theirs of [2400, 4800, 19_200, 38_400]) {
      t.deepEqual(await faultsAt(theirs, [3, 7], { probe }), ["wrong-settings"], `${theirs}`);
    }
    t.deepEqual(await faultsAt(OURS, [3, 7], { probe }), []);
  });

  test(`devices at another speed that understand nothing are a dead line (${probe})`, async (t) => {
    t.deepEqual(await faultsAt(19_200, [3, 7], { probe, isDeaf: true }), ["nothing"]);
    t.deepEqual(await faultsAt(OURS, [3, 7], { probe, isDeaf: true }), []);
  });

  test(`a line that chatters at whatever is sent is told as noise (${probe})`, async (t) => {
    const all = Array.from({ length: 12 }, (_, index) => index + 1);
    t.deepEqual(await faultsAt(115_200, all, { probe }), ["noise"]);
  });
}
