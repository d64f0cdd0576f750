import test from "ava";
import fc from "fast-check";
import { withCrc } from "./crc16.ts";
import { askedBy, decode, FRAMINGS } from "./decode.ts";
import type { Explanation } from "./explanation.ts";
import { damaged, hex, rtuAnswer, tcpFrame } from "./fake-link.ts";
import type { Meaning } from "./meaning.ts";

const rtu = (text: string) => decode("modbus-rtu", hex(text));
const tcp = (text: string) => decode("modbus-tcp", hex(text));
const ascii = (text: string) => decode("modbus-ascii", new TextEncoder().encode(text));

/** Unit and PDU with a right check sum. */
const pdu = (text: string) => decode("modbus-rtu", withCrc(hex(text)));

const kinds = (remarks: readonly { readonly kind: string }[]) => remarks.map(({ kind }) => kind);

/** The fields as `name=value` and `name:index=value`. */
function fieldsOf(meaning: Meaning | undefined): readonly string[] {
  return (meaning?.fields ?? []).map(({ name, index, value, bytes }) => {
    const shown = Array.isArray(value) ? value.map(Number).join("") : value;
    const place = index === null ? "" : `:${index}`;
    return `${name}${place}=${shown ?? Buffer.from(bytes).toString("hex")}`;
  });
}

const only = ({ meanings }: Explanation) => fieldsOf(meanings[0]);

test("a read request is told by unit, function, address and count", (t) => {
  const told = rtu("01030064 0014 041A");
  t.like(told, { unit: 1, functionCode: 3, isException: false, faults: [], hints: [], notes: [] });
  t.is(told.meanings.length, 1);
  t.is(told.meanings[0]?.direction, "request");
  t.deepEqual(only(told), ["address=100", "count=20"]);
  t.true(told.check?.passes);
});

test("an answer is told by its registers, with their addresses where the request is known", (t) => {
  const answer = rtuAnswer(1, [12_569, 0xffff]);
  t.deepEqual(only(decode("modbus-rtu", answer)), [
    "byteCount=4",
    "nthRegister:0=12569",
    "nthRegister:1=65535",
  ]);
  const asked = askedBy(pdu("010300640002"));
  t.deepEqual(asked, { unit: 1, functionCode: 3, address: 100, count: 2 });
  const told = decode("modbus-rtu", answer, { direction: "answer", asked });
  t.deepEqual(only(told), ["byteCount=4", "register:100=12569", "register:101=65535"]);
  t.deepEqual(told.faults, []);
});

test("bits are told from the lowest address on, and cut to what was asked", (t) => {
  const asked = { unit: 1, functionCode: 1, address: 19, count: 11 };
  const told = decode("modbus-rtu", withCrc(hex("010102CD06")), { direction: "answer", asked });
  t.deepEqual(only(told), ["byteCount=2", "bits:19=10110011", "bits:27=011"]);
});

test("every public function that devices of the field know is taken apart both ways", (t) => {
  const expected: Record<string, readonly string[]> = {
    "0105 00AC FF00": ["address=172", "value=65280"],
    "0106 0001 0003": ["address=1", "register:1=3"],
    "0107": [],
    "0107 6D": ["status=109"],
    "0108 0000 A537": ["subFunction=0", "data=a537"],
    "010F 0013 000A 02 CD01": [
      "address=19",
      "count=10",
      "byteCount=2",
      "bits:19=10110011",
      "bits:27=10",
    ],
    "010F 0013 000A": ["address=19", "count=10"],
    "0110 0001 0002 04 000A0102": [
      "address=1",
      "count=2",
      "byteCount=4",
      "register:1=10",
      "register:2=258",
    ],
    "0111": [],
    "0111 04 4D31 31FF": ["byteCount=4", "serverId=4d3131ff"],
    "0116 0004 00F2 0025": ["address=4", "andMask=242", "orMask=37"],
    "0117 0003 0006 000E 0001 02 00FF": [
      "readAddress=3",
      "readCount=6",
      "writeAddress=14",
      "writeCount=1",
      "byteCount=2",
      "register:14=255",
    ],
    "0117 02 00FE": ["byteCount=2", "nthRegister:0=254"],
    "012B 0E 01 00": ["interface=14", "readCode=1", "objectId=0"],
    "012B 0E 01 01 00 00 01 00 04 41636D65": [
      "interface=14",
      "readCode=1",
      "conformity=1",
      "moreFollows=0",
      "nextObject=0",
      "objects=1",
      "objectId=0",
      "byteCount=4",
      "object:0=Acme",
    ],
    "0118 04DE": ["data=04de"],
    "0142 01": ["data=01"],
  };
  for (const [text, fields] of Object.entries(expected)) {
    const told = pdu(text);
    t.deepEqual(kinds(told.faults), [], text);
    const readings = told.meanings.map(fieldsOf);
    t.true(
      readings.some((reading) => reading.join() === fields.join()),
      `${text}: ${readings}`,
    );
  }
});

test("an exception is told by the function that was refused and by its name", (t) => {
  const told = rtu("018302C0F1");
  t.like(told, { unit: 1, functionCode: 3, isException: true, faults: [] });
  t.regex(told.meanings[0]?.fields[0]?.meaning?.en ?? "", /illegal data address/);
});

test("what can be a request and an answer is told both ways", (t) => {
  const told = pdu("0101 03 AA BB CC");
  t.deepEqual(
    told.meanings.map(({ direction }) => direction),
    ["answer"],
    "an address of 0x03AA with 48,076 coils is no request",
  );
  const both = pdu("0101 03 00 00 07");
  t.deepEqual(
    both.meanings.map(({ direction }) => direction),
    ["request", "answer"],
  );
  t.deepEqual(kinds(both.notes), ["ambiguous"]);
  t.deepEqual(kinds(pdu("0106 0001 0003").notes), ["either-way"]);
});

test("unit 0 and reserved units are remarked on a serial line, and not over TCP", (t) => {
  t.deepEqual(kinds(pdu("0006 0001 0003").notes), ["broadcast", "either-way"]);
  t.deepEqual(kinds(pdu("FA03 0000 0001").notes), ["reserved-unit"]);
  t.deepEqual(kinds(tcp("0001 0000 0006 FF 03 0000 0001").notes), []);
});

test("a frame that is well sent and wrongly made has its faults named", (t) => {
  const faults: Record<string, readonly string[]> = {
    "0103 0000 0000": ["count"],
    "0103 0000 007E": ["count"],
    "0103 FFFF 0002": ["beyond-address"],
    "0105 0000 0001": ["coil-value"],
    "0103 04 0001": ["byte-count"],
    "0103 01 00": ["byte-count"],
    "0110 0001 0002 02 000A": ["byte-count"],
    "0110 0001 0002 04 000A": ["too-short"],
    "0106 0001": ["too-short"],
    "0106 0001 0002 00": ["too-long"],
    "0183 02 00": ["too-long"],
    "0100 00": ["no-function"],
  };
  for (const [text, expected] of Object.entries(faults)) {
    t.deepEqual(kinds(pdu(text).faults).slice(0, 1), expected, text);
  }
});

test("an answer that is not to what was asked is a fault", (t) => {
  const asked = { unit: 1, functionCode: 3, address: 0, count: 2 };
  const answers: Record<string, string | undefined> = {
    "0103 04 0001 0002": undefined,
    "0183 02": undefined,
    "0203 04 0001 0002": "unit",
    "0104 04 0001 0002": "function",
    "0103 02 0001": "count",
  };
  for (const [text, what] of Object.entries(answers)) {
    const told = decode("modbus-rtu", withCrc(hex(text)), { direction: "answer", asked });
    t.is(told.faults[0]?.data.what, what, text);
  }
});

test("a wrong check sum is told with the right one, and with what would make it right", (t) => {
  const hints: Record<string, object> = {
    "01030000000A CDC5": { kind: "crc-swapped" },
    "010300000002": { kind: "no-check-sum", data: { crc: "C4 0B" } },
    "01030000000A C5": { kind: "last-byte-lost", data: { byte: "CD" } },
    "030000000A C5CD": { kind: "first-byte-lost", data: { byte: "01" } },
    "010300000A C5CD": { kind: "byte-lost", data: { at: 3, byte: "00" } },
    "0103000000000A C5CD": { kind: "byte-extra", data: { at: 3, byte: "00" } },
    "01030000000B C5CD": { kind: "bit-flipped", data: { at: 6, bit: 0, byte: "0A" } },
    "FF 01030000000AC5CD 00": { kind: "frame-inside", data: { from: 2, to: 9 } },
    "01030A 0001000200030004": { kind: "cut-off", data: { expected: 15, found: 11 } },
    "0001 0000 0006 01 03 0000 0002": { kind: "is-tcp" },
    "3A 30 31 30 33 0D 0A": { kind: "is-ascii" },
  };
  for (const [text, hint] of Object.entries(hints)) {
    const told = rtu(text);
    t.deepEqual(kinds(told.faults), ["check-sum"], text);
    t.like(told.hints[0], hint, text);
    t.is(told.check?.passes, false);
  }
  t.deepEqual(rtu("01030000000A CDC5").check?.computed, hex("C5CD"));
});

test("a short frame that fits both kinds of line is told by its check sum alone", (t) => {
  const told = rtu("01030000 0002 C40C");
  t.deepEqual(kinds(told.faults), ["check-sum"]);
  t.deepEqual(kinds(told.hints), []);
  t.like(rtu("0001 0000 0002 01 07").hints[0], { kind: "is-tcp" });
});

test("two frames in one are parted, and an echo is known", (t) => {
  const request = withCrc(hex("010300000002"));
  const answer = rtuAnswer(1, [1, 2]);
  const echo = decode("modbus-rtu", Uint8Array.of(...request, ...answer));
  t.deepEqual(echo.faults, [{ kind: "joined", data: { frames: 2 } }]);
  t.deepEqual(kinds(echo.hints), ["echo"]);
  t.deepEqual(echo.parts, [request, answer]);
  const twice = decode("modbus-rtu", Uint8Array.of(...answer, ...answer));
  t.deepEqual(kinds(twice.hints), ["twice"]);
  const other = decode("modbus-rtu", Uint8Array.of(...answer, ...rtuAnswer(2, [1])));
  t.deepEqual(kinds(other.hints), []);
});

test("a sound frame is found in any noise around it", (t) => {
  const noise = fc.uint8Array({ minLength: 1, maxLength: 20 });
  const frame = rtuAnswer(1, [0x1234, 0x5678, 0x9abc]);
  fc.assert(
    fc.property(noise, noise, (before, after) => {
      const { parts } = decode("modbus-rtu", Uint8Array.of(...before, ...frame, ...after));
      return parts.some((part) => Buffer.compare(part, frame) === 0);
    }),
    // By chance one of some 10,000 noises makes a frame of its own with the front of this one.
    { seed: 1, numRuns: 100 },
  );
  t.pass();
});

test("a turned bit is found wherever it is", (t) => {
  const frame = rtuAnswer(1, [0x1234, 0x5678]);
  for (let at = 0; at < frame.length; at++) {
    const told = decode("modbus-rtu", damaged(frame, at, at % 8));
    t.true(kinds(told.hints).includes("bit-flipped"), String(at));
  }
});

test("Modbus TCP is told with its transaction", (t) => {
  const told = decode("modbus-tcp", tcpFrame(7, [1, 3, 0, 0, 0, 2]));
  t.like(told, { transaction: 7, unit: 1, functionCode: 3, check: null, faults: [] });
  t.deepEqual(only(told), ["address=0", "count=2"]);
});

test("a wrong header of Modbus TCP is told, with what may have made it", (t) => {
  const cases: Record<string, readonly [fault: string, hint: string | undefined]> = {
    "0001 0001 0006 01 03 0000 0002": ["protocol", undefined],
    "0001 0000 000C 01 03 0000 0002": ["length", "length-of-all"],
    "0001 0000 0005 01 03 0000 0002": ["length", "length-of-pdu"],
    "0001 0000 0006 01 03 0000 0002 C40B": ["length", "crc-in-tcp"],
    "0001 0000 0008 01 03 0000 0002 C40B": ["byte-count", "crc-in-tcp"],
    "0001 0000 0006 01 03 00": ["length", undefined],
    "01 03 00 01 00 01": ["too-short", undefined],
    "01 03 00 64 00 14 04 1A": ["protocol", "is-rtu"],
    "0001 0000 0006 01 03 0000 0002 0002 0000 0006 01 03 0000 0002": ["joined", undefined],
  };
  for (const [text, [fault, hint]] of Object.entries(cases)) {
    const told = tcp(text);
    t.is(told.faults[0]?.kind, fault as never, text);
    t.is(told.hints[0]?.kind, hint as never, text);
  }
});

test("Modbus ASCII is told from its characters, with or without the line's end", (t) => {
  for (const text of [":010300000002FA\r\n", ":010300000002FA", ":010300000002fa\n"]) {
    const told = ascii(text);
    t.like(told, { unit: 1, functionCode: 3, faults: [] });
    t.deepEqual(only(told), ["address=0", "count=2"]);
    t.true(told.check?.passes);
  }
});

test("what is wrong with Modbus ASCII is named", (t) => {
  const cases: Record<string, readonly [fault: string, hint: string | undefined]> = {
    "010300000002FA": ["no-colon", undefined],
    ":01030000000206": ["check-sum", "lrc-is-sum"],
    ":010300000002FB": ["check-sum", undefined],
    ":010300000002C40B": ["check-sum", "is-rtu"],
    ":0103000G0002FA": ["not-hex", undefined],
    ":010300000002F": ["odd-digits", undefined],
    ":01": ["too-short", undefined],
  };
  for (const [text, [fault, hint]] of Object.entries(cases)) {
    const told = ascii(text);
    t.is(told.faults[0]?.kind, fault as never, text);
    t.is(told.hints[0]?.kind, hint as never, text);
  }
});

test("any bytes at all have an explanation, and none longer than a frame takes long", (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FRAMINGS),
      fc.uint8Array({ maxLength: 300 }),
      (framing, bytes) => {
        const told = decode(framing, bytes);
        const isWhole = told.faults.length > 0 || told.meanings.length > 0;
        return isWhole && told.bytes.length === bytes.length;
      },
    ),
    { numRuns: 300 },
  );
  t.pass();
});

test("a request is what its answers are held against, and a faulty one is not", (t) => {
  t.is(askedBy(rtu("01030000000A CDC5")), null);
  t.is(askedBy(decode("modbus-rtu", rtuAnswer(1, [1, 2]))), null);
  t.like(askedBy(pdu("0117 0003 0006 000E 0001 02 00FF")), { address: 3, count: 6 });
});
