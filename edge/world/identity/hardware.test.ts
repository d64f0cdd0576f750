import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../../test-rigs/processes/child.ts";
import { hardwareSerial } from "./hardware.ts";

test("the serial number of a board is read without the zero behind it, the first there is", (t) => {
  const dir = tempDir("board");
  const place = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const pi = place("pi", "10000000abcdef01\0");
  t.is(hardwareSerial([join(dir, "none"), pi]), "10000000abcdef01");
  t.is(
    hardwareSerial([place("zeros", "00000000\n"), place("words", "To be filled\n"), pi]),
    "10000000abcdef01",
  );
  t.is(hardwareSerial([place("empty", "")]), null);
});
