import test from "ava";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import { expectedOf, type Framer } from "../../drivers/modbus/framer.ts";
import { fuzzCommands } from "./fuzz-commands.ts";
import { fuzzLine, LINES } from "./fuzz-line.ts";
import { fuzzPackets, PACKETS } from "./fuzz-packets.ts";
import { fuzzSparkplug } from "./fuzz-sparkplug.ts";
import { fuzzTelemetry, TELEMETRY } from "./fuzz-telemetry.ts";

const FRAMES = 20_000;
const SEED = 1;

for (const [name, line] of Object.entries(LINES)) {
  test(`${name}: of ${FRAMES} answers, most of them damaged, none is taken for another`, (t) => {
    const tally = fuzzLine(line, FRAMES, SEED);
    t.deepEqual(tally.wrong, []);
    t.true(tally.right > FRAMES * 0.3, `${tally.right}`);
    // Damage is not random data: allow for three times as many as chance would leave.
    t.true(tally.byChance <= 3 + (3 * tally.refused) / line.oneIn, JSON.stringify(tally));
  });
}

for (const [name, packets] of Object.entries(PACKETS)) {
  test(`${name}: of ${FRAMES} answers, late, doubled or foreign, none is taken for another`, (t) => {
    const tally = fuzzPackets(packets, FRAMES, SEED);
    t.deepEqual(tally.wrong, []);
    t.true(tally.right > FRAMES * 0.4, `${tally.right}`);
  });
}

const TELEMETRY_FRAMES = 3000;

for (const [name, protocol] of Object.entries(TELEMETRY)) {
  test(`${name}: of ${TELEMETRY_FRAMES} frames, most of them damaged, none is lost or invented`, (t) => {
    const tally = fuzzTelemetry(protocol, TELEMETRY_FRAMES, SEED);
    t.deepEqual(tally.wrong, []);
    t.true(tally.right > TELEMETRY_FRAMES * 0.4, `${tally.right}`);
    t.true(tally.byChance <= 3 + (3 * tally.refused) / protocol.oneIn, JSON.stringify(tally));
  });
}

test(`sparkplug: ${TELEMETRY_FRAMES} payloads, most of them damaged, end and invent nothing`, (t) => {
  const tally = fuzzSparkplug(TELEMETRY_FRAMES, SEED);
  t.deepEqual(tally.wrong, []);
  t.true(tally.right > TELEMETRY_FRAMES * 0.2, `${tally.right}`);
});

test(`commands: of ${TELEMETRY_FRAMES}, nearly all of them spoilt, none is taken that was not signed so`, (t) => {
  const tally = fuzzCommands(TELEMETRY_FRAMES, SEED);
  t.deepEqual(tally.wrong, []);
  t.true(tally.right > TELEMETRY_FRAMES * 0.02, `${tally.right}`);
});

test("a desk that does not look at the signature is found out", (t) => {
  t.true(fuzzCommands(1000, SEED, () => true).wrong.length > 0);
});

test("a search that does not look at the check sum is found out", (t) => {
  const rules = { ...TELEMETRY.sl651.rules, isSound: () => true };
  t.true(fuzzTelemetry({ ...TELEMETRY.sl651, rules }, 1000, SEED).wrong.length > 0);
});

test("a search that overlooks long frames is found out", (t) => {
  const { rules } = TELEMETRY.hj212;
  const lengthAt: typeof rules.lengthAt = (bytes, at) => {
    const length = rules.lengthAt(bytes, at);
    return typeof length === "number" && length > 150 ? null : length;
  };
  const short = { ...TELEMETRY.hj212, rules: { ...rules, lengthAt } };
  t.true(fuzzTelemetry(short, 1000, SEED).wrong.length > 0);
});

/** Takes for the answer what is as long as it, begins like it and ends with the last chunk. */
function credulous(): Framer {
  let length = 0;
  let bytes: Uint8Array = new Uint8Array(0);
  return {
    isGarbled: false,
    discarded: 0,
    ask(request) {
      length = expectedOf(request).length;
      bytes = new Uint8Array(0);
      return request;
    },
    giveUp: () => false,
    quiet: () => [],
    take(chunk) {
      bytes = Buffer.concat([bytes, chunk]);
      return bytes.length === length ? [{ kind: "answer", adu: bytes }] : [];
    },
  };
}

test("a framer that does not look at the check sum is found out", (t) => {
  const { wrong } = fuzzLine({ ...LINES.rtu, open: credulous }, 1000, SEED);
  t.true(wrong.length > 0);
});

test("a framer that makes a check sum right is found out by the bursts", (t) => {
  const mending = (): Framer => {
    const framer = credulous();
    const take: Framer["take"] = (chunk, at) =>
      framer.take(chunk, at).map((found) => {
        if (found.kind !== "answer") return found;
        return { kind: "answer", adu: withCrc(found.adu.subarray(0, -2)) };
      });
    return { ...framer, take };
  };
  t.true(fuzzLine({ ...LINES.rtu, open: mending }, 1000, SEED).wrong.length > 0);
});
