import test from "ava";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import { aBuffer, aDisk, aMachine, DAY, someFacts } from "../../test-rigs/sim/some-facts.ts";
import type { Event } from "../core/event.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { flagsIn } from "../world/power-supply.ts";
import type { Facts } from "./facts.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { diagnose } from "./rules.ts";

const AT = someFacts().at;
const STATUS = aStatus();

/** What is found: whom it is about, what it is, and how grave. */
function found(facts: Partial<Facts>): readonly string[] {
  const told = diagnose(someFacts(facts));
  return told.map(({ code, subject, severity }) => `${subject} ${code} ${severity}`);
}

function foundOn(machine: Partial<MachineFacts>): readonly string[] {
  return found({ machine: aMachine(machine) });
}

test("nothing is found on a machine with which nothing is wrong, with a gateway or without facts", (t) => {
  t.deepEqual(found({}), []);
  t.deepEqual(found({ machine: null, buffer: null }), []);
  t.deepEqual(foundOn({ power: flagsIn("0") }), []);
});

test("a supply that is too low now is a fault, one that was a warning", (t) => {
  t.deepEqual(foundOn({ power: flagsIn("50005") }), ["power power.low fault"]);
  t.deepEqual(foundOn({ power: flagsIn("10000") }), ["power power.was-low warning"]);
});

test("heat is told before it slows the board down, and as a fault once it does", (t) => {
  const hot = [{ zone: "cpu-thermal", celsius: 78, limitCelsius: 80 }];
  t.deepEqual(foundOn({ temperatures: hot }), ["temperature heat.hot warning"]);
  const slowed = { temperatures: hot, power: flagsIn("80008") };
  t.deepEqual(foundOn(slowed), ["temperature heat.slowed fault"]);
});

test("a full disk, one without inodes and a read-only one are told apart", (t) => {
  t.deepEqual(foundOn({ disks: [aDisk({ freeBytes: 1e6 })] }), ["/ disk.full fault"]);
  t.deepEqual(foundOn({ disks: [aDisk({ freeInodes: 3 })] }), ["/ disk.no-inodes fault"]);
  t.deepEqual(foundOn({ disks: [aDisk({ isReadOnly: true })] }), ["/ disk.read-only fault"]);
});

test("what the buffer leaves free of a small disk does not count as full", (t) => {
  const totalBytes = 500e6;
  t.deepEqual(foundOn({ disks: [aDisk({ totalBytes, freeBytes: 0.02 * totalBytes })] }), []);
});

test("a card that says that it is worn is told of, and one that will not last", (t) => {
  const card = { device: "mmcblk0", usedPercent: 90, spare: "normal" } as const;
  t.deepEqual(foundOn({ disks: [aDisk({ card })] }), ["mmcblk0 card.worn warning"]);
  const spent = { ...card, spare: "urgent" } as const;
  t.deepEqual(foundOn({ disks: [aDisk({ card: spent })] }), ["mmcblk0 card.worn fault"]);
  const wear = {
    totalBytes: 9e9,
    bytesPerDay: 1e9,
    lifeMs: 90 * DAY,
    enduranceBytes: 1e11,
    isShort: true,
  };
  const [status] = [{ ...STATUS, buffer: { ...STATUS.buffer, wear } }];
  t.deepEqual(found({ status }), ["/var/lib/lifeline card.wearing warning"]);
});

test("memory that leaks is told with how long the rest lasts, and hardly any left as well", (t) => {
  const memory = Array.from({ length: 90 }, (_, i) => {
    return { afterMs: i * 1_200_000, bytes: 100e6 + i * 2e6 };
  });
  t.deepEqual(found({ status: { ...STATUS, memory } }), ["lifeline memory.leak warning"]);
  const short = { totalBytes: 1e9, availableBytes: 2e7, swapBytes: 0, swapFreeBytes: 0, killed: 0 };
  t.deepEqual(foundOn({ memory: short }), ["memory memory.short warning"]);
});

test("starts that come with the machine are its restarts, and all of them one finding", (t) => {
  const start = (hoursAgo: number, uptime: number): Event => ({
    kind: "gateway",
    subject: "gw-0001",
    from: "stopped",
    to: "running",
    cause: "start",
    at: (AT - hoursAgo * 3_600_000) as WallMs,
    clock: "synced",
    uptime: uptime as UptimeMs,
  });
  const cut = [0.8, 0.6, 0.4, 0.2].map((hours) => start(hours, 20_000));
  t.deepEqual(found({ events: cut }), ["machine machine.restarting fault"]);
  const old = [80, 60, 40, 30].map((hours) => start(hours, 20_000));
  t.deepEqual(found({ events: old }), []);
});

test("a backlog is told only while it is old and does not go down, with how long there is room", (t) => {
  const owed = (ageMs: number, readings = 500) => {
    const centre = { destination: "centre", isConfigured: true, events: 0, readings };
    const forecast = {
      fromAt: AT - DAY / 4,
      toAt: AT,
      messages: 21_600,
      bytesEach: 500,
      roomBytes: 2e9,
      endsWithDisk: false,
      bytesPerHour: 1.8e6,
      lossInMs: 40 * DAY,
    };
    return aBuffer({ destinations: [{ ...centre, sinceAt: AT - ageMs }], forecast });
  };
  t.deepEqual(found({ buffer: owed(DAY) }), ["buffer buffer.growing warning"]);
  t.deepEqual(found({ buffer: owed(60_000) }), []);
  t.deepEqual(found({ buffer: owed(DAY, 5) }), []);
  const going = (messagesPerS: number) => {
    const drain = { owed: 500, messagesPerS, readingsPerS: 10, leftMs: 1000 };
    const centre = { destination: "centre", state: "connected", since: AT, trouble: null } as const;
    const rest = { owed: { readings: 500, events: 0 }, inFlight: 0, acknowledged: 9, drain };
    return { ...STATUS, destinations: [{ ...centre, ...rest }] };
  };
  t.deepEqual(found({ buffer: owed(DAY), status: going(20) }), []);
  t.deepEqual(found({ buffer: owed(DAY), status: going(0.5) }), ["buffer buffer.growing warning"]);
});

test("a release that is not whole and a secret that others can read are told of", (t) => {
  const releases = [
    { name: "1.0.0", isWhole: true },
    { name: "1.1.0", isWhole: false },
  ];
  const slots = { root: "/opt/lifeline", current: "1.0.0", releases, leftovers: ["current.new"] };
  t.deepEqual(foundOn({ slots }), ["/opt/lifeline update.half-done warning"]);
  const lost = { ...slots, current: "1.1.0" };
  t.deepEqual(foundOn({ slots: lost }), ["/opt/lifeline update.half-done fault"]);
  const whole = { ...slots, releases: releases.slice(0, 1), leftovers: [] };
  t.deepEqual(foundOn({ slots: whole }), []);
  const file = { state: "good", changedAt: null, certificate: null } as const;
  const key = { ...file, path: "/k", role: "key", mode: 0o640 } as const;
  const password = { ...file, path: "/p", role: "password", mode: 0o640 } as const;
  t.deepEqual(foundOn({ files: [key, password] }), ["/k secret.open warning"]);
  const gone = { ...key, state: "missing", mode: null } as const;
  t.deepEqual(foundOn({ files: [gone] }), ["/k identity.missing fault"]);
});
