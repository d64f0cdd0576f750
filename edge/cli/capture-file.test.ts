import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { parseWire, type WireRecord } from "../../drivers/wire-text.ts";
import { CaptureFile } from "./capture-file.ts";
import { listener } from "./record-view.ts";

const dir = mkdtempSync(join(tmpdir(), "lifeline-capture-"));
test.after.always(() => rmSync(dir, { recursive: true }));

const RECORDS: readonly WireRecord[] = [
  { kind: "sent", fromUs: 0, untilUs: 0, bytes: Uint8Array.of(1, 3, 0, 0, 0, 2, 0xc4, 0x0b) },
  { kind: "failure", fromUs: 300, untilUs: 300, reason: "timeout" },
];

/** Writes `RECORDS` to a file named `name`. */
function capture(name: string): CaptureFile {
  const file = new CaptureFile(join(dir, name), {
    bus: "a",
    kind: "modbus-rtu",
    framing: "modbus-rtu",
    lang: "en",
  });
  const listen = listener("modbus-rtu");
  let beforeUs = 0;
  for (const record of RECORDS) {
    const frames = listen(record).map((heard) => ({ ...heard, points: [] }));
    file.add({ record, atUs: record.fromUs, sinceUs: record.fromUs - beforeUs, frames });
    beforeUs = record.fromUs;
  }
  file.close();
  return file;
}

test("a capture as text can be read back", (t) => {
  const file = capture("a.txt");
  t.true(file.isText);
  const read = parseWire(readFileSync(file.path, "utf8"));
  t.deepEqual(read, { framing: "modbus-rtu", records: RECORDS });
});

test("any other name gets a capture for Wireshark", (t) => {
  const file = capture("a.pcapng");
  t.false(file.isText);
  t.is(readFileSync(file.path).readUInt32LE(0), 0x0a0d0d0a);
});

test("a capture of bytes whose framing is not known says of which kind of bus they are", (t) => {
  const path = join(dir, "talker.txt");
  const file = new CaptureFile(path, { bus: "a", kind: "serial", framing: null, lang: "en" });
  const record = { kind: "received", fromUs: 0, untilUs: 0, bytes: Uint8Array.of(0x52) } as const;
  file.add({ record, atUs: 0, sinceUs: 0, frames: [] });
  file.close();
  t.is(readFileSync(path, "utf8"), '# lifeline wire 1 serial\n0 < 52  # "R"\n');
});

test("a file that cannot be made is an error with its path", (t) => {
  const path = join(dir, "none", "a.pcapng");
  const make = () =>
    new CaptureFile(path, { bus: "a", kind: "modbus-rtu", framing: "modbus-rtu", lang: "en" });
  t.throws(make, { code: "trace.unsaved", message: /none/ });
});

test("a full disk is told, and the trace goes on", (t) => {
  const file = new CaptureFile("/dev/full", {
    bus: "a",
    kind: "modbus-rtu",
    framing: "modbus-rtu",
    lang: "en",
  });
  t.regex(file.trouble ?? "", /ENOSPC/);
  const record = RECORDS[0] as WireRecord;
  t.notThrows(() => file.add({ record, atUs: 0, sinceUs: 0, frames: [] }));
  file.close();
});
