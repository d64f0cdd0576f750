import test from "ava";
import fc from "fast-check";
import { anySplit } from "../../../test-rigs/sim/any-split.ts";
import { ANY_REPORT } from "../../../test-rigs/vectors/any-frame.ts";
import { SL651 } from "../../../test-rigs/vectors/vectors.ts";
import { FrameSearch } from "../frame-search.ts";
import { crcOf } from "./crc.ts";
import { hexBytes, hexText } from "./digits.ts";
import { encodeFrame } from "./encode.ts";
import { decodeFrame, STREAM_RULES } from "./frame.ts";
import { elementValue } from "./values.ts";
import { writeBody } from "./write-body.ts";

const decode = (hex: string) => decodeFrame(hexBytes(hex));
const faultsOf = (hex: string) => decode(hex).faults.map(({ kind }) => kind);
const notesOf = (hex: string) => decode(hex).notes.map(({ kind }) => kind);

/** `hex` with the check sum that it should have in place of its last four digits. */
function resealed(hex: string): string {
  const checked = hexBytes(hex.slice(0, -4));
  return hexText(checked) + crcOf(checked).toString(16).toUpperCase().padStart(4, "0");
}

const dated = (digits: string, to: number) =>
  `20${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)} ` +
  (digits.slice(6).match(/../g) ?? []).slice(0, to).join(":");

for (const vector of SL651.published) {
  test(`published: ${vector.id} says what its source says`, (t) => {
    const { frame, body, ...decoded } = decode(vector.hex);
    t.is(decoded.crcValid, vector.crcValid);
    t.is(decoded.crcGiven, vector.crcInFrame);
    t.is(decoded.crcComputed, vector.crcComputed);
    t.is(decoded.declaredLength, vector.bodyLength);
    t.is(decoded.bodyLength, vector.bodyLength);
    t.like(frame, {
      direction: vector.direction,
      centre: vector.centerAddress,
      station: vector.stationAddress,
      password: vector.password,
      functionCode: Number.parseInt(vector.functionCode, 16),
      end: vector.end,
    });
    t.is(frame?.packet?.total, vector.packetTotal);
    t.is(frame?.packet?.index, vector.packetSeq);
    t.is(body?.serial ?? undefined, vector.serial);
    t.is(body?.sentAt == null ? undefined : dated(body.sentAt, 3), vector.sendTime);
    for (const part of body?.parts ?? []) {
      if (part.kind === "station") t.is(part.address, vector.bodyStation ?? vector.stationAddress);
      if (part.kind === "class") t.is(part.letter, vector.stationType ?? "");
      if (part.kind === "manual") t.is(part.text, vector.manualText ?? "");
    }
    t.deepEqual(
      decoded.faults.map(({ kind }) => kind),
      vector.crcValid ? [] : ["crc"],
    );
  });

  test(`published: ${vector.id} comes out as it was when it is sent again`, (t) => {
    const { frame, body, crcComputed } = decode(vector.hex);
    t.is(hexText(encodeFrame(frame!)), vector.hex.slice(0, -4) + crcComputed);
    t.is(hexText(writeBody(frame!, body!)), hexText(frame!.body));
  });
}

for (const vector of SL651.published.filter(({ elements }) => elements !== undefined)) {
  test(`published: the elements of ${vector.id} have the values of its source`, (t) => {
    const { body } = decode(vector.hex);
    const found = body?.parts.flatMap((part): readonly object[] => {
      if (part.kind === "time") return [{ id: "F0", observeTime: dated(part.at, 2) }];
      if (part.kind !== "element") return [];
      const { head, raw } = part;
      const value = elementValue("hex", head, raw);
      return [
        {
          id: head.lead?.toString(16).toUpperCase(),
          tag: head.tag,
          lengthBytes: head.length,
          decimals: head.decimals,
          raw,
          ...(value.kind === "number" ? { value: value.value } : {}),
          ...(value.kind === "series" ? { values: value.values } : {}),
          ...(value.kind === "state" ? { statusBits: value.word } : {}),
        },
      ];
    });
    const wanted = vector.elements?.map(({ ...element }) => {
      delete (element as { unit?: string }).unit;
      return element;
    });
    t.deepEqual(found as unknown, wanted as unknown);
  });
}

for (const { id, hex, expect } of SL651.built) {
  test(`built: ${id} says what it was built to say, and comes out as it was`, (t) => {
    const { frame, body, faults, crcValid } = decode(hex);
    t.true(crcValid);
    t.deepEqual(faults, []);
    const { direction, end, encoding, functionCode, station, packet } = frame!;
    const values = body!.parts.flatMap((part) => {
      if (part.kind !== "element") return [];
      const value = elementValue(encoding, part.head, part.raw);
      return [[part.head.tag, value.kind === "number" ? value.value : null] as const];
    });
    const [[, signed] = ["", null]] = values.filter(([tag]) => tag === "VT");
    const missing = values.filter(([tag]) => tag === "Z").at(-1)?.[1];
    const told: Readonly<Record<string, unknown>> = {
      ...Object.fromEntries(values.toReversed()),
      VT: values.filter(([tag]) => tag === "VT").at(-1)?.[1],
      VT_signed: signed,
      Z_missing: missing,
      direction,
      end,
      encoding: encoding === "hex" ? "HEX" : "ASCII",
      functionCode: functionCode.toString(16).toUpperCase(),
      serial: body!.serial,
      station,
      packetTotal: packet?.total,
      packetSeq: packet?.index,
    };
    for (const [name, value] of Object.entries(expect)) t.deepEqual(told[name], value, name);
    t.is(hexText(encodeFrame(frame!)), hex);
    t.is(hexText(writeBody(frame!, body!)), hexText(frame!.body));
  });
}

test("what is sent is what is read, in bytes and in characters", (t) => {
  fc.assert(
    fc.property(ANY_REPORT, ({ frame, body }) => {
      const bytes = encodeFrame(frame);
      const decoded = decodeFrame(bytes);
      t.deepEqual(decoded.faults, []);
      t.deepEqual(decoded.frame, frame);
      t.deepEqual(decoded.body, body);
      t.deepEqual(encodeFrame(decoded.frame!), bytes);
    }),
  );
});

const TIMED = SL651.published.find(({ id }) => id === "sl651-up-32")?.hex ?? "";

test("the fault of a frame is named with its place", (t) => {
  const at = (byte: number, value: string) =>
    TIMED.slice(0, 2 * byte) + value + TIMED.slice(2 * byte + value.length);
  t.deepEqual(faultsOf(TIMED), []);
  t.deepEqual(decode(`00FF${TIMED}`).faults[0], { kind: "no-head", at: 1, data: { found: 2 } });
  t.deepEqual(faultsOf("00FF"), ["no-head"]);
  t.deepEqual(faultsOf(""), ["no-head"]);
  t.deepEqual(decode(TIMED.slice(0, 20)).faults, [
    { kind: "too-short", at: 11, data: { missing: 4 } },
  ]);
  t.true(faultsOf(TIMED.slice(0, -20)).includes("too-short"));
  t.deepEqual(decode(`${TIMED}00`).faults, [{ kind: "trailing", at: 61, data: { extra: 1 } }]);
  t.deepEqual(faultsOf(resealed(at(11, "40"))), ["direction"]);
  t.deepEqual(decode(resealed(at(12, "2A"))).faults, [
    { kind: "length", at: 12, data: { said: 42, found: 43 } },
  ]);
  t.true(faultsOf(resealed(at(13, "05"))).includes("start-mark"));
  t.deepEqual(faultsOf(resealed(at(57, "FF"))), ["end-mark"]);
  t.deepEqual(decode(at(58, "0000")).faults, [
    { kind: "crc", at: 59, data: { given: "0000", computed: "A421" } },
  ]);
  t.deepEqual(notesOf(at(58, "21A4")), ["crc-swapped"]);
});

test("the fault of a body is named with its place", (t) => {
  const faults = (from: string, to: string) => faultsOf(resealed(TIMED.replace(from, to)));
  t.deepEqual(faults("170718110016", "171318110016"), ["time"]);
  t.deepEqual(faults("F0F01707181100", "F0F017071811AA"), ["time"]);
  t.deepEqual(faults("2019000040", "201900004A"), ["not-bcd"]);
  t.deepEqual(faults("38121099", "381A1099"), ["body-short"]);
  t.deepEqual(decode(resealed(TIMED.replace("38121099", "381A1099"))).faults[0], {
    kind: "body-short",
    at: 58,
    data: { missing: 1, what: "VT" },
  });
});

test("what departs from the standard and is understood is a note, not a fault", (t) => {
  const notes = (from: string, to: string) => notesOf(resealed(TIMED.replace(from, to)));
  t.deepEqual(notes("7E7E05", "7E7E00"), ["centre-zero"]);
  t.deepEqual(notes("38121099", "EE121099"), ["identifier-unknown"]);
  t.deepEqual(notes("334448F0F0", "334441F0F0"), ["class-unknown"]);
  t.deepEqual(notes("E832", "E8F2"), ["function-unknown"]);
  t.deepEqual(notes("F1F10011223344", "F1F10011223345"), ["station-differs"]);
  t.deepEqual(notes("7E7E050011223344", "7E7E0500112233FF"), ["station-form", "station-differs"]);
});

test("what a centre says to packets has serial number and time, whichever packet it names", (t) => {
  for (const id of ["built-m3-nak", "built-m3-eot"]) {
    const { body } = decode(SL651.built.find((each) => each.id === id)?.hex ?? "");
    t.is(body?.serial, 1);
    t.true(body?.sentAt?.startsWith("5910111611"));
  }
});

test("no bytes whatever make the decoder throw", (t) => {
  const near = fc
    .tuple(
      fc.constantFrom(...[...SL651.published, ...SL651.built].map(({ hex }) => hexBytes(hex))),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }),
      fc.nat(120),
    )
    .map(([bytes, hits, length]) => {
      const hit = bytes.slice(0, 20 + length);
      for (const [at, value] of hits) if (at < hit.length) hit[at] = value;
      return hit;
    });
  fc.assert(
    fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const { faults, crcValid, frame, body } = decodeFrame(bytes);
      t.true(crcValid || faults.length > 0);
      if (frame !== null && frame.encoding === "hex") {
        t.deepEqual(Buffer.from(writeBody(frame, body!)), Buffer.from(frame.body));
      }
    }),
    { numRuns: 1000 },
  );
});

const SOUND = [...SL651.published.filter(({ crcValid }) => crcValid), ...SL651.built].map(
  ({ hex }) => hexBytes(hex),
);

function search(chunks: readonly Uint8Array[]) {
  const framer = new FrameSearch(STREAM_RULES);
  const found = chunks
    .flatMap((chunk) => framer.take(chunk))
    .map(({ kind, bytes }) => `${kind} ${hexText(bytes)}`);
  return { found, discarded: framer.discarded, waiting: framer.waiting };
}

test("every frame is found in a stream, of either form, with noise and half frames between", (t) => {
  const noise = hexBytes("7E7E7E0105003031");
  const { found } = search([Buffer.concat(SOUND.flatMap((frame) => [noise, frame]))]);
  t.deepEqual(
    found.filter((text) => text.startsWith("frame")),
    SOUND.map((frame) => `frame ${hexText(frame)}`),
  );
});

test("what is found in a stream does not depend on its split", (t) => {
  const frames = fc.constantFrom(...SOUND);
  const piece = fc.oneof(
    frames,
    fc.constantFrom("7E", "01", "7E7E7E", "03").map(hexBytes),
    frames.chain((frame) => fc.nat(60).map((at) => frame.slice(0, at))),
  );
  const stream = fc
    .array(piece, { maxLength: 6 })
    .map((pieces) => Uint8Array.from(Buffer.concat(pieces)));
  const cut = stream.chain((all) => fc.tuple(fc.constant(all), anySplit(all)));
  fc.assert(
    fc.property(cut, ([all, chunks]) => {
      t.deepEqual(search(chunks), search([all]));
    }),
    { numRuns: 60 },
  );
});

test("a stream of headers keeps no more than a frame", (t) => {
  const framer = new FrameSearch(STREAM_RULES);
  const header = hexBytes("7E7E050011223344 03E8 32 0FFF 02".replaceAll(" ", ""));
  for (let round = 0; round < 1000; round++) {
    framer.take(header);
    t.true(framer.waiting <= 4112);
  }
});

test("what the header cannot say is not sent", (t) => {
  const { frame } = decode(TIMED);
  for (const wrong of [
    { centre: 256 },
    { centre: 1.5 },
    { station: "123" },
    { station: "001122334g" },
    { password: "12345" },
    { functionCode: -1 },
    { body: new Uint8Array(4096) },
    { packet: { total: 4096, index: 1 } },
  ]) {
    const send = () => encodeFrame({ ...frame!, ...wrong });
    t.throws(send, { instanceOf: RangeError }, Object.keys(wrong).join());
  }
});
