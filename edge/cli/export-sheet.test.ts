import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { parquetReadObjects } from "hyparquet";
import type { StoredReading } from "../../buffer/selection.ts";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { ExportFile } from "./export-file.ts";
import { parquetSheet } from "./export-parquet.ts";
import { csvSheet, jsonSheet, type Sheet } from "./export-sheet.ts";

const AT = Date.parse("2026-11-27T08:00:00.250Z");
/** Texts that try a form; a bare CR, a quote, a comma and Chinese among them. */
const NASTY = 'a "quoted", line\r\nand\nmore\r气';

const reading = (over: Partial<StoredReading>): StoredReading => ({
  at: AT,
  point: "a.b",
  value: 1.5,
  unit: "m",
  quality: "good",
  seq: 7,
  clock: "synced",
  thinned: null,
  ...over,
});
const READINGS = [
  reading({}),
  reading({ value: null, unit: null, quality: "bad:timeout" }),
  reading({ value: true }),
  reading({ value: NASTY }),
  reading({ value: "" }),
  reading({ value: 18446744073709551615n }),
  reading({ value: 0.1 + 0.2 }),
];

/** Writes `readings` with `sheetOf` and returns the file's path. */
async function written(
  t: ExecutionContext,
  sheetOf: (file: ExportFile, stream: string) => Sheet,
  ...parts: readonly (readonly StoredReading[])[]
): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-export-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "out");
  using file = new ExportFile(path, false);
  const sheet = sheetOf(file, "R1");
  for (const readings of parts) sheet.add(readings);
  await sheet.end();
  file.finish();
  return path;
}

const PYTHON = `
import csv, json, sys
with open(sys.argv[1], newline='', encoding='utf-8') as f:
    print(json.dumps(list(csv.DictReader(f, strict=True))))
`;

testWith("python3")("Python's csv module reads back what was exported as CSV", async (t) => {
  const path = await written(t, csvSheet, READINGS);
  const rows = JSON.parse(execFileSync("python3", ["-c", PYTHON, path], { encoding: "utf8" }));
  const same = { point: "a.b", stream: "R1", seq: "7", clock: "synced" };
  const whole = { window: "", min: "", max: "", mean: "", n: "" };
  const time = { time: "2026-11-27T08:00:00.250Z", ms: String(AT), ...whole };
  t.deepEqual(rows[0], { ...time, ...same, value: "1.5", unit: "m", quality: "good" });
  t.deepEqual(rows[1], { ...time, ...same, value: "", unit: "", quality: "bad:timeout" });
  t.deepEqual(
    rows.slice(2).map(({ value }: { value: string }) => value),
    ["true", NASTY, "", "18446744073709551615", "0.30000000000000004"],
  );
});

test("CSV is as RFC 4180 says: a header, CRLF at every end, quotes doubled", async (t) => {
  const text = readFileSync(await written(t, csvSheet, [reading({ value: 'a"b' })]), "utf8");
  t.is(
    text,
    "time,ms,point,value,unit,quality,stream,seq,clock,window,min,max,mean,n\r\n" +
      `2026-11-27T08:00:00.250Z,${AT},a.b,"a""b",m,good,R1,7,synced,,,,,\r\n`,
  );
});

test("every line of JSONL is one reading, numbers with all their digits", async (t) => {
  const text = readFileSync(await written(t, jsonSheet, READINGS), "utf8");
  const lines = text.trimEnd().split("\n");
  t.is(lines.length, READINGS.length);
  t.deepEqual(JSON.parse(lines[3] as string), {
    time: "2026-11-27T08:00:00.250Z",
    ms: AT,
    point: "a.b",
    value: NASTY,
    unit: "m",
    quality: "good",
    stream: "R1",
    seq: 7,
    clock: "synced",
  });
  t.regex(lines[5] as string, /"value":18446744073709551615,/);
  t.is(JSON.parse(lines[1] as string).value, null);
});

/** What a Parquet reader finds in the file. */
async function parquetRows(path: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return await parquetReadObjects({ file: file as ArrayBuffer });
}

test("a Parquet reader finds every reading, numbers as numbers and texts beside them", async (t) => {
  const rows = await parquetRows(await written(t, parquetSheet, READINGS));
  t.is(rows.length, READINGS.length);
  t.deepEqual(rows[0], {
    time: new Date(AT),
    ms: BigInt(AT),
    point: "a.b",
    value: 1.5,
    text: null,
    unit: "m",
    quality: "good",
    stream: "R1",
    seq: 7n,
    clock: "synced",
    window: null,
    min: null,
    max: null,
    mean: null,
    n: null,
  });
  t.like(rows[1], { value: null, text: null, unit: null, quality: "bad:timeout" });
  t.like(rows[2], { value: 1, text: null });
  t.like(rows[3], { value: null, text: NASTY });
  t.like(rows[5], { value: 2 ** 64, text: "18446744073709551615" });
});

test("a thinned reading is marked in every form by its window and what that was", async (t) => {
  const thinned = { windowMs: 60_000, min: -1, max: 2.5, mean: 1.25, n: 60 };
  const readings = [reading({ thinned })];
  const columns = { window: 60_000, min: -1, max: 2.5, mean: 1.25, n: 60 };
  const csv = readFileSync(await written(t, csvSheet, readings), "utf8");
  t.regex(csv, /,synced,60000,-1,2\.5,1\.25,60\r\n$/);
  t.like(JSON.parse(readFileSync(await written(t, jsonSheet, readings), "utf8")), columns);
  const [row] = await parquetRows(await written(t, parquetSheet, readings));
  t.like(row, { ...columns, window: 60_000n, n: 60n });
});

test("many readings become several row groups, in order", async (t) => {
  const part = (from: number) =>
    Array.from({ length: 15_000 }, (_, i) => reading({ seq: from + i, value: from + i }));
  const path = await written(t, parquetSheet, part(1), part(15_001), part(30_001));
  const rows = await parquetRows(path);
  t.is(rows.length, 45_000);
  t.true(rows.every(({ seq, value }, i) => seq === BigInt(i + 1) && value === i + 1));
});

test("no readings make a file that can be opened, in every form", async (t) => {
  t.deepEqual(await parquetRows(await written(t, parquetSheet)), []);
  t.regex(readFileSync(await written(t, csvSheet), "utf8"), /^time,.*\r\n$/);
  t.is(readFileSync(await written(t, jsonSheet), "utf8"), "");
});
