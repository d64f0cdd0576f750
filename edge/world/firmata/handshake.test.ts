import test from "ava";
import { FakeLink } from "../../../drivers/modbus/fake-link.ts";
import { greet } from "./handshake.ts";

const sysex = (...bytes: readonly number[]) => [0xf0, ...bytes, 0xf7];
const named = (name: string) => [...name].flatMap((each) => [each.charCodeAt(0), 0]);
const version = (minor: number) => [0xf9, 2, minor];
const firmware = (name: string, minor: number) => sysex(0x79, 2, minor, ...named(name));

/** Has a board of one pin, A0, answer. */
function board(link: FakeLink, hello: readonly number[]): void {
  setImmediate(() => link.onData?.(Uint8Array.from(hello)));
  const capabilities = sysex(0x6c, 0, 1, 2, 10, 0x7f);
  const mapping = sysex(0x6a, 0);
  link.onWrite = (bytes) => {
    if (bytes[1] === 0x6b) link.onData?.(Uint8Array.from(capabilities));
    if (bytes[1] === 0x69) link.onData?.(Uint8Array.from(mapping));
  };
}

test("a board tells its firmware, and is set back to how it starts", async (t) => {
  const link = new FakeLink();
  const written: number[] = [];
  board(link, [...version(5), ...firmware("StandardFirmata.ino", 5)]);
  const answer = link.onWrite;
  link.onWrite = (bytes) => {
    written.push(...bytes);
    answer?.(bytes);
  };
  const { io, firmware: told } = await greet(link, 500);
  t.is(told, "StandardFirmata 2.5");
  t.deepEqual(io.analogPins, [0]);
  t.is(io.RESOLUTION.ADC, 1023);
  t.true(written.includes(0xff));
});

for (const [what, hello] of [
  ["StandardFirmata 2.4", [...version(4), ...firmware("StandardFirmata.ino", 4)]],
  ["a protocol of 2.3", [...version(3), ...firmware("Mine", 9)]],
  ["StandardFirmata 2.4 on a newer library", [...version(5), ...firmware("StandardFirmata", 4)]],
] as const) {
  test(`${what} is refused, with what to do`, async (t) => {
    const link = new FakeLink();
    board(link, hello);
    const error = await t.throwsAsync(greet(link, 500));
    t.regex(error?.message ?? "", /cannot tell an absent I2C chip.*StandardFirmata 2\.5 or later/);
  });
}

test("other firmware is taken by the protocol that it speaks", async (t) => {
  const link = new FakeLink();
  board(link, [...version(6), ...firmware("ConfigurableFirmata", 0)]);
  t.is((await greet(link, 500)).firmware, "ConfigurableFirmata 2.0");
});

test("a port that is lost meanwhile ends it", async (t) => {
  const link = new FakeLink();
  setTimeout(() => link.lose("the port is gone"), 20);
  await t.throwsAsync(greet(link, 500), { message: "the port is gone" });
});
