import test from "ava";
import type { Overheard, Query, QueryOutcome } from "../../drivers/query.ts";
import type { Probed } from "../control/field-desk.ts";
import type { Reason } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { examine, type ProbeKind } from "./examine.ts";
import type { Model } from "./models.ts";

const QUIET: Overheard = { tookMs: 12, isEchoed: false, bytes: 0, others: [] };
const STAMP = { at: 5 as WallMs, uptime: 5 as UptimeMs };

const failed = (reason: Reason, heard: Partial<Overheard> = {}): Probed => {
  return { kind: "failure", reason, ...STAMP, heard: { ...QUIET, ...heard } };
};
const answered = (answer: Extract<QueryOutcome, { kind: "answer" }>["answer"]): Probed => {
  return { kind: "answer", answer, ...STAMP, heard: { ...QUIET, bytes: 7 } };
};
const REFUSED = failed("exception:1", { bytes: 5 });
const TIMEOUT = failed("timeout");
const CRC = failed("crc", { bytes: 7 });

const place = (address: number, values: readonly number[]) => {
  const type = { type: "uint16", order: "ABCD", length: 0, mask: null } as const;
  return { area: "holding", address, values, ...type } as const;
};
const named = (vendor: string | null, product: string | null) => ({ vendor, product });
const MODELS: readonly Model[] = [
  { name: "acme-9", identity: { names: named("acme", "lx-9"), place: null } },
  { name: "acme-all", identity: { names: named("acme", null), place: null } },
  { name: "meter-a", identity: { names: null, place: place(5, [1, 2]) } },
  { name: "meter-b", identity: { names: null, place: place(5, [2]) } },
  { name: "meter-c", identity: { names: null, place: place(9, [3]) } },
];

/** Examines a unit that answers each kind of query as told; unanswered kinds time out. */
async function look(
  answers: Partial<Record<Query["kind"] | `at ${number}`, readonly Probed[]>>,
  probe: ProbeKind = "read",
) {
  const asked: string[] = [];
  const queues = new Map(
    Object.entries(answers).map(([kind, all]): [string, Probed[]] => [kind, [...(all ?? [])]]),
  );
  const report = await examine(
    7,
    (query) => {
      const key = query.kind === "place" ? `at ${query.address}` : query.kind;
      asked.push(key);
      const queue = queues.get(key) ?? [];
      return Promise.resolve((queue.length > 1 ? queue.shift() : queue[0]) ?? TIMEOUT);
    },
    MODELS,
    probe,
  );
  return { report, asked };
}

const names = (...texts: readonly string[]) =>
  answered({
    kind: "identification",
    objects: texts.map((text, id) => ({ id, text })),
    next: null,
  });

test("a unit that says nothing is absent after one question", async (t) => {
  const { report, asked } = await look({});
  t.like(report, { unit: 7, state: "absent", isNoisy: false });
  t.deepEqual(asked, ["at 0"]);
});

test("a refusal is an answer, but for those of a gateway on the way", async (t) => {
  for (const code of [1, 2, 3, 4, 6]) {
    const { report } = await look({ "at 0": [failed(`exception:${code}`, { bytes: 5 })] });
    t.like(report, { state: "found", tookMs: 12 }, `${code}`);
  }
  for (const code of [10, 11]) {
    const { report } = await look({ "at 0": [failed(`exception:${code}`, { bytes: 5 })] });
    t.like(report, { state: "absent", isNoisy: false }, `${code}`);
  }
});

test("a device that names itself is asked nothing else, and every profile that fits is named", async (t) => {
  const { report, asked } = await look({
    "at 0": [REFUSED],
    identification: [names("ACME Ltd", "LX-9b", "2.1")],
  });
  t.deepEqual(report.identity, {
    vendor: "ACME Ltd",
    product: "LX-9b",
    revision: "2.1",
    serverId: null,
  });
  t.deepEqual(report.profiles, ["acme-9", "acme-all"]);
  t.deepEqual(asked, ["at 0", "identification"]);
});

test("an identification in parts is followed, and never in a circle", async (t) => {
  const part = (id: number, text: string, next: number | null) =>
    answered({ kind: "identification", objects: [{ id, text }], next });
  const { report } = await look({
    "at 0": [REFUSED],
    identification: [part(0, "Acme", 1), part(1, "LX-9", 1)],
  });
  t.like(report.identity, { vendor: "Acme", product: "LX-9" });
});

test("without an identification the server ID is taken, as text where it is one", async (t) => {
  const id = (bytes: Uint8Array) => answered({ kind: "server-id", id: [...bytes] });
  const text = await look({
    "at 0": [REFUSED],
    identification: [REFUSED],
    "server-id": [id(Buffer.from("acme LX-9\u0000"))],
  });
  t.is(text.report.identity?.serverId, "acme LX-9");
  t.deepEqual(text.report.profiles, ["acme-9", "acme-all"]);
  const bytes = await look({
    "at 0": [REFUSED],
    "server-id": [id(Uint8Array.of(1, 0xff, 0x10))],
  });
  t.is(bytes.report.identity?.serverId, "01FF10");
});

test("without a name the registers that profiles know are read, each once", async (t) => {
  const { report, asked } = await look({
    "at 0": [REFUSED],
    identification: [REFUSED],
    "server-id": [REFUSED],
    "at 5": [answered({ kind: "registers", registers: [2] })],
    "at 9": [REFUSED],
  });
  t.deepEqual(report.profiles, ["meter-a", "meter-b"]);
  t.deepEqual(asked, ["at 0", "identification", "server-id", "at 5", "at 9"]);
});

test("a device that stays silent about what it does not know is not asked for every register", async (t) => {
  const { report, asked } = await look({ "at 0": [REFUSED] });
  t.like(report, { state: "found", profiles: [] });
  t.deepEqual(asked, ["at 0", "identification", "server-id", "at 5"]);
});

test("bytes that make no sense are asked for again: disturbed once, garbled always", async (t) => {
  const once = await look({ "at 0": [CRC, REFUSED] });
  t.like(once.report, { state: "found", isNoisy: true });
  const always = await look({ "at 0": [CRC] });
  t.like(always.report, { state: "garbled", isNoisy: true });
  t.is(always.asked.length, 3);
  const fewer = await look({ "at 0": [failed("timeout", { bytes: 3 }), CRC, TIMEOUT] });
  t.is(fewer.report.state, "garbled");
  const noise = await look({ "at 0": [CRC, TIMEOUT] });
  t.like(noise.report, { state: "absent", isNoisy: true });
});

test("the late answer of another unit is no noise", async (t) => {
  const { report, asked } = await look({ "at 0": [failed("timeout", { bytes: 7, others: [6] })] });
  t.like(report, { state: "absent", isNoisy: false });
  t.is(asked.length, 1);
});

test("a unit that the gateway reads is told and not asked more", async (t) => {
  const polled = { kind: "polled", device: "gas" } as const;
  const well = await look({ "at 0": [{ ...polled, isSilent: false }] });
  t.like(well.report, { state: "polled", device: "gas" });
  t.is(well.asked.length, 1);
  const silent = await look({ "at 0": [{ ...polled, isSilent: true }] });
  t.is(silent.report.state, "silent");
});

test("a line that is not open ends the search", async (t) => {
  await t.throwsAsync(look({ "at 0": [failed("link-closed")] }), { code: "link.closed" });
});

test("a careful search reads no register that a device has to see whether anybody is there", async (t) => {
  const nobody = await look({}, "careful");
  t.deepEqual([nobody.report.state, nobody.asked], ["absent", ["identification", "at 65535"]]);
  const refusing = await look({ identification: [REFUSED] }, "careful");
  t.is(refusing.report.state, "found");
  t.deepEqual(refusing.asked.slice(0, 1), ["identification"]);
  t.false(refusing.asked.includes("at 0"));
  // One that keeps silent at what it does not know refuses an address that it does not have.
  const silent = await look({ "at 65535": [failed("exception:2", { bytes: 5 })] }, "careful");
  t.is(silent.report.state, "found");
  t.false(silent.asked.includes("at 0"));
});

test("noise is told from an answer in a careful search too", async (t) => {
  const garbled = await look({ identification: [CRC] }, "careful");
  t.is(garbled.report.state, "garbled");
  const noisy = await look({ identification: [CRC, TIMEOUT] }, "careful");
  t.deepEqual([noisy.report.state, noisy.report.isNoisy], ["absent", true]);
});
