import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { ListMistake, readReceived, receivedIn } from "./received-list.ts";

const received = (...lines: readonly string[]) => Object.fromEntries(receivedIn(lines));

test("CSV with names, in any order of columns and lines, becomes ranges", (t) => {
  t.deepEqual(received("\uFEFFseq,stream,when", "3,R1,x", "1,R1,y", '2,"R1",z', "9,E1,"), {
    R1: [{ from: 1, to: 3 }],
    E1: [{ from: 9, to: 9 }],
  });
});

test("CSV without names is stream and seq, or a range of them", (t) => {
  t.deepEqual(received("R1,1-5", "R1,7"), {
    R1: [
      { from: 1, to: 5 },
      { from: 7, to: 7 },
    ],
  });
  t.deepEqual(received("R1,1,5", "R1,4,8", ""), { R1: [{ from: 1, to: 8 }] });
});

test("lines of JSON are taken, whole messages of the contract among them", (t) => {
  const message = `{"v":1,"gateway":"gw","stream":"R1","seq":2,"clock":"synced","at":1,"series":[]}`;
  t.deepEqual(received(message, `{"stream":"R1","from":3,"to":4}`), { R1: [{ from: 2, to: 4 }] });
});

test("a line that says no stream and seq is named by its number", (t) => {
  for (const line of ["R1", "R1,x", "R1,0", "R1,5-3", "{", '{"seq":1}', "R1,1.5", "[1]"]) {
    const error = t.throws(() => receivedIn(["R1,1", line]), { instanceOf: ListMistake }, line);
    t.is(error?.line, 2, line);
  }
});

test("many seqs in no order are put in order", (t) => {
  const seqs = Array.from({ length: 250_000 }, (_, i) => 500_000 - 2 * i);
  const R1 = receivedIn(seqs.map((seq) => `R1,${seq}`)).get("R1");
  t.is(R1?.length, 250_000);
  t.deepEqual(R1?.[0], { from: 2, to: 2 });
});

test("a file larger than what is read at once is read to its last line, which may not end", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-list-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "list.csv");
  writeFileSync(path, Array.from({ length: 30_000 }, (_, i) => `R1,${i + 1}`).join("\r\n"));
  t.deepEqual(Object.fromEntries(readReceived(path)), { R1: [{ from: 1, to: 30_000 }] });
});
