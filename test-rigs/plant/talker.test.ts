import { once } from "node:events";
import { constants, openSync } from "node:fs";
import { ReadStream } from "node:tty";
import test, { type ExecutionContext } from "ava";
import { dustFrame, nmeaSentence, openTalkerLine, type TalkerLine } from "./talker.ts";

/** Opens the line as a gateway would. */
function open(t: ExecutionContext, line: TalkerLine): ReadStream {
  const port = new ReadStream(openSync(line.path, constants.O_RDWR | constants.O_NOCTTY));
  t.teardown(() => {
    port.destroy();
    line.close();
  });
  return port;
}

/** What comes until `length` bytes are there. */
async function read(port: ReadStream, length: number): Promise<Buffer> {
  let all = Buffer.alloc(0);
  while (all.length < length) {
    const [bytes] = (await once(port, "data")) as [Buffer];
    all = Buffer.concat([all, bytes]);
  }
  return all;
}

test("what the device says arrives at the pace of the line", async (t) => {
  const line = openTalkerLine({ baud: 4800 });
  const port = open(t, line);
  const start = performance.now();
  line.say("x".repeat(100));
  t.is((await read(port, 100)).length, 100);
  t.true(performance.now() - start >= (100 * 11 * 1000) / 4800 - 10);
});

test("a request is answered once it is whole", async (t) => {
  const line = openTalkerLine({ baud: 9600 });
  const port = open(t, line);
  line.answer = () => "12.5\r\n";
  port.write("R");
  port.write("\n");
  t.is((await read(port, 6)).toString(), "12.5\r\n");
  t.is(line.requests(), 1);
});

test("messages carry the check sums of their makers", (t) => {
  t.is(nmeaSentence("WIMWV,214.8,R,0.1,K,A"), "$WIMWV,214.8,R,0.1,K,A*28\r\n");
  const frame = dustFrame(1, 2, 3);
  t.is((frame[30] ?? 0) * 256 + (frame[31] ?? 0), 0x42 + 0x4d + 28 + 2 * 6);
});
