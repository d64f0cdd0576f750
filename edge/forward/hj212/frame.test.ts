import test from "ava";
import fc from "fast-check";
import { anySplit, bytesIn } from "../../../test-rigs/sim/any-split.ts";
import { ANY_PACKET } from "../../../test-rigs/vectors/any-packet.ts";
import { HJ212 } from "../../../test-rigs/vectors/vectors.ts";
import { FrameSearch } from "../frame-search.ts";
import { crcOf, crcText, modbusCrcOf } from "./crc.ts";
import { encodeFrame } from "./encode.ts";
import { decodeFrame, streamRules } from "./frame.ts";
import { flagBits } from "./packet.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

/** A frame of this data segment, with the length and check sum that belong to it. */
function frameOf(segment: string, crc = crcOf): string {
  const bytes = Buffer.from(segment);
  return `##${String(bytes.length).padStart(4, "0")}${segment}${crcText(crc(bytes))}\r\n`;
}

const HEAD = "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;";
const decode = (message: string) => decodeFrame(bytesIn(message));
const faultsOf = (message: string) => decode(message).faults.map(({ kind }) => kind);
const notesOf = (message: string) => decode(message).notes.map(({ kind }) => kind);

for (const vector of HJ212.frames) {
  test(`published: ${vector.id} says what its source says`, (t) => {
    const decoded = decode(vector.message);
    t.is(decoded.crcValid, vector.crcValid);
    t.is(decoded.crcGiven, vector.crcInMessage);
    t.is(decoded.crcComputed, vector.crcComputed);
    t.is(decoded.declaredLength, vector.declaredLength);
    t.is(decoded.segmentLength, vector.segmentLength);
    t.deepEqual(Object.fromEntries(decoded.fields.map((f) => [f.name, f.value])), vector.header);
    const groups = decoded.packet?.cp.map((group) =>
      Object.fromEntries(group.map(({ name, value }) => [name, value])),
    );
    t.deepEqual(groups, [...vector.cp]);
    const flag = decoded.packet?.flag ?? null;
    t.deepEqual(
      flag === null ? null : { raw: flag, ...flagBits(flag) },
      vector.flag && {
        raw: vector.flag.raw,
        version: vector.flag.version,
        isNumbered: vector.flag.hasPacketNumbers,
        wantsAnswer: vector.flag.ackRequired,
      },
    );
    t.deepEqual(
      decoded.faults.map(({ kind }) => kind),
      vector.crcValid ? [] : ["crc"],
    );
  });

  test(`published: ${vector.id} comes out as it was when it is sent again`, (t) => {
    const { packet, notes, crcComputed } = decode(vector.message);
    const isInOrder = notes.every(({ kind }) => kind !== "field-order");
    const sent = text(encodeFrame(packet!));
    const segment = vector.message.slice(6, 6 + vector.segmentLength);
    if (isInOrder) t.is(sent, `${vector.message.slice(0, 6)}${segment}${crcComputed}\r\n`);
    else t.is(decode(sent).faults.length, 0);
    t.deepEqual(decode(sent).packet, packet);
  });
}

test("what is sent is what is read", (t) => {
  fc.assert(
    fc.property(ANY_PACKET, (packet) => {
      const bytes = encodeFrame(packet);
      const decoded = decodeFrame(bytes);
      t.deepEqual(decoded.faults, []);
      t.deepEqual(decoded.packet, packet);
      t.deepEqual(encodeFrame(decoded.packet!), bytes);
    }),
  );
});

test("the fault of a frame is named with its place", (t) => {
  const whole = frameOf(`${HEAD}CP=&&&&`);
  t.deepEqual(faultsOf(whole), []);
  t.deepEqual(decode(`xx${whole}`).faults[0], { kind: "no-head", at: 1, data: { found: 2 } });
  t.deepEqual(faultsOf("hello"), ["no-head"]);
  t.deepEqual(decode(whole.replace("##0087", "##0086")).faults[0], {
    kind: "length",
    at: 3,
    data: { said: 86, found: 87 },
  });
  t.true(faultsOf(whole.replace("##0087", "##087")).includes("length-digits"));
  t.true(faultsOf(whole.slice(0, 40)).includes("too-short"));
  t.deepEqual(faultsOf(whole.slice(0, -4)), ["too-short"]);
  t.deepEqual(decode(`${whole}yy`).faults, [
    { kind: "trailing", at: whole.length + 1, data: { extra: 2 } },
  ]);
  t.deepEqual(faultsOf(whole.replace(/....\r\n$/, "zz00\r\n")), ["crc-digits"]);
  t.deepEqual(faultsOf(whole.replace(/....\r\n$/, "0000\r\n")), ["crc"]);
  t.deepEqual(faultsOf(""), ["no-head"]);
});

test("the fault of a data segment is named with its place", (t) => {
  const faults = (segment: string) => faultsOf(frameOf(segment));
  t.deepEqual(faults(`${HEAD}XP=&&&&`), ["no-cp"]);
  t.deepEqual(faults(`${HEAD}CP=DataTime=20160801085857&&`), ["cp-open"]);
  t.true(faultsOf(`##0091${HEAD}CP=&&a-Rtd=10000`).includes("cp-close"));
  t.deepEqual(faults(`${HEAD}CP=&&a-Rtd&&`), ["no-equals"]);
  t.deepEqual(faults(`${HEAD.replace("CN=2011;", "")}CP=&&&&`), ["field-missing"]);
  t.deepEqual(faults(`${HEAD.replace("CN=2011", "CN=20x1")}CP=&&&&`), ["field-value"]);
  t.deepEqual(faults(`${HEAD.replace("QN=2016", "QN=2x16")}CP=&&&&`), ["field-value"]);
  t.deepEqual(faults(`${HEAD.replace("Flag=5", "Flag=256")}CP=&&&&`), ["field-value"]);
  t.deepEqual(faults(`${HEAD}ST=32;CP=&&&&`), ["field-twice"]);
  t.deepEqual(faults(`${HEAD.replace("Flag=5", "Flag=7")}PNUM=2;PNO=3;CP=&&&&`), ["packet-number"]);
  const place = decode(frameOf(`${HEAD}CP=&&DataTime=20160801085857;b&&`)).faults[0]?.at ?? 0;
  t.is(frameOf(`${HEAD}CP=&&DataTime=20160801085857;b&&`)[place - 1], "b");
  const gbk = Buffer.concat([Buffer.from(`${HEAD}CP=&&i11001-Info=`), Buffer.from([0xc7, 0xe5])]);
  const segment = Buffer.concat([gbk, Buffer.from("&&")]);
  const frame = `##${String(segment.length).padStart(4, "0")}`;
  const bytes = Buffer.concat([Buffer.from(frame), segment, Buffer.from(crcText(crcOf(segment)))]);
  t.deepEqual(decodeFrame(bytes).faults[0]?.kind, "not-utf8");
});

test("what departs from the standard and is understood is a note, not a fault", (t) => {
  const notes = (segment: string) => notesOf(frameOf(segment));
  t.deepEqual(notes(`${HEAD}CP=&&&&`), []);
  t.deepEqual(notesOf(frameOf(`${HEAD}CP=&&&&`).trim()), ["no-tail"]);
  t.deepEqual(notes("ST=32;CN=2011;PW=123456;MN=LD130133000015;CP=&&&&"), [
    "edition-2005",
    "mn-form",
  ]);
  t.deepEqual(notes(`${HEAD.replace("ST=32", "ST=80")}CP=&&&&`), ["system-unknown"]);
  t.deepEqual(notes(`${HEAD.replace("CN=2011", "CN=2999")}CP=&&&&`), ["command-unknown"]);
  t.deepEqual(notes(`${HEAD.replace("PW=123456", "PW=1")}CP=&&&&`), ["pw-length"]);
  t.deepEqual(notes(`${HEAD.replace("ST=32;", "")}CP=&&&&`), ["field-absent"]);
  t.deepEqual(notes(`${HEAD}X=1;CP=&&&&`), ["field-unknown"]);
  t.deepEqual(notes(`${HEAD}CP=&&DataTime=20160801085857;&&`), ["item-empty"]);
  t.deepEqual(notes(`${HEAD}CP=&&DataTime=2016080108&&`), ["time-form"]);
  t.deepEqual(notes(`${HEAD}CP=&&w01018-Rtd=-&&`), ["number-form"]);
  t.deepEqual(notes(`${HEAD}CP=&&w01018-Rtd=1,w01018-Flag=X&&`), ["mark-unknown"]);
  t.deepEqual(notes(`${HEAD.replace("Flag=5", "Flag=7")}CP=&&&&`), ["packets-missing"]);
  t.deepEqual(notes(`${HEAD}PNUM=2;PNO=1;CP=&&&&`), ["packets-unflagged"]);
  t.deepEqual(notes(`${HEAD}CP=&&${"a-Info=x;".repeat(120)}b-Info=y&&`), [
    "segment-long",
    "cp-long",
  ]);
  const history = "BeginTime=20180518070000,EndTime=20180518080000";
  t.deepEqual(notes(`${HEAD}CP=&&${history}&&`), ["comma-times"]);
});

test("a check sum of Modbus is a fault that is told as what it is", (t) => {
  const message = frameOf(`${HEAD}CP=&&&&`, modbusCrcOf);
  t.deepEqual(faultsOf(message), ["crc"]);
  t.deepEqual(notesOf(message), ["modbus-crc"]);
  const strict = new FrameSearch(streamRules());
  t.deepEqual(
    strict.take(bytesIn(message)).map(({ kind }) => kind),
    ["damaged"],
  );
  const lenient = new FrameSearch(streamRules({ takesModbusCrc: true }));
  const [found] = lenient.take(bytesIn(message));
  const { faults, crcValid } = decodeFrame(found!.bytes, { takesModbusCrc: true });
  t.deepEqual(faults, []);
  t.false(crcValid);
});

test("no bytes whatever make the decoder throw", (t) => {
  const near = fc
    .array(fc.constantFrom("##", "0087", ";", "&&", "CP=", "=", ",", "QN", "\r\n", "Flag=3", "é"))
    .map((parts) => bytesIn(parts.join("")));
  fc.assert(
    fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const { faults, crcValid } = decodeFrame(bytes);
      t.true(crcValid || faults.length > 0);
    }),
  );
});

const SOUND = HJ212.frames.filter(({ crcValid }) => crcValid).map(({ message }) => message);

function search(chunks: readonly Uint8Array[]) {
  const framer = new FrameSearch(streamRules());
  const found = chunks
    .flatMap((chunk) => framer.take(chunk))
    .map(({ kind, bytes }) => [kind, text(bytes)]);
  return { found, discarded: framer.discarded, waiting: framer.waiting };
}

test("every published frame is found in a stream, with noise and half frames between them", (t) => {
  const noise = "GET / HTTP/1.1\r\n##0101QN=2016##";
  const { found } = search([bytesIn(SOUND.map((message) => noise + message).join(""))]);
  const frames = found.filter(([kind]) => kind === "frame").map(([, message]) => message);
  t.deepEqual(
    frames,
    SOUND.map((message) => message.trim()),
  );
});

test("what is found in a stream does not depend on its split", (t) => {
  const piece = fc.oneof(
    fc.constantFrom(...SOUND),
    fc.constantFrom("##", "##0009", "#", "\r\n", "&&1C80", "CP=&&"),
    fc.constantFrom(...SOUND).chain((message) => fc.nat(200).map((at) => message.slice(0, at))),
  );
  const stream = fc.array(piece, { maxLength: 6 }).map((pieces) => bytesIn(pieces.join("")));
  const cut = stream.chain((all) => fc.tuple(fc.constant(all), anySplit(all)));
  fc.assert(
    fc.property(cut, ([all, chunks]) => {
      t.deepEqual(search(chunks), search([all]));
    }),
    { numRuns: 60 },
  );
});

test("a stream of headers keeps no more than a frame", (t) => {
  const framer = new FrameSearch(streamRules());
  for (let round = 0; round < 2000; round++) {
    framer.take(bytesIn("##1024"));
    t.true(framer.waiting <= 1034);
  }
});

test("what the grammar cannot say is not sent", (t) => {
  const { packet } = decode(SOUND[0]!);
  const withValue = (value: string) => () =>
    encodeFrame({ ...packet!, cp: [[{ name: "a-Info", value }]] });
  for (const value of ["1;2", "1,2", "&", "a\r\nb"]) {
    t.throws(withValue(value), { instanceOf: RangeError }, value);
  }
  t.throws(() => encodeFrame({ ...packet!, cp: [[]] }), { instanceOf: RangeError });
  t.throws(withValue("x".repeat(9999)), { instanceOf: RangeError });
  t.throws(() => encodeFrame({ ...packet!, cp: [[{ name: "a=b", value: "" }]] }), {
    instanceOf: RangeError,
  });
});
