import test from "ava";
import { answer, modbusDevice } from "./modbus-device.ts";

const device = () =>
  modbusDevice(7, [
    { area: "coil", address: 3, type: "bool", valueAt: () => true },
    { area: "coil", address: 4, type: "bool", valueAt: () => false },
    { area: "discrete", address: 0, type: "bool", valueAt: (ms) => ms >= 1000 },
    { area: "input", address: 10, type: "float32", valueAt: () => 1 },
    { area: "holding", address: 0, type: "int16", valueAt: (ms) => ms },
    { area: "holding", address: 1, type: "int16", valueAt: () => 2 },
  ]);

function ask(hex: string, to = device(), atMs = 0): string {
  const request = new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  return Buffer.from(answer(to, request, atMs))
    .toString("hex")
    .replace(/..\B/g, "$& ");
}

test("each area is read with its own function code", (t) => {
  t.is(ask("01 0003 0002"), "01 01 01");
  t.is(ask("02 0000 0001"), "02 01 00");
  t.is(ask("03 0000 0002"), "03 04 00 00 00 02");
  t.is(ask("04 000a 0002"), "04 04 3f 80 00 00");
});

test("values are those of the time of the request", (t) => {
  t.is(ask("02 0000 0001", device(), 1000), "02 01 01");
  t.is(ask("03 0000 0001", device(), 258), "03 02 01 02");
});

test("a written coil or register keeps what was written", (t) => {
  const one = device();
  t.is(ask("05 0004 ff00", one), "05 00 04 ff 00");
  t.is(ask("01 0003 0002", one), "01 01 03");
  t.is(ask("0f 0003 0002 01 02", one), "0f 00 03 00 02");
  t.is(ask("01 0003 0002", one), "01 01 02");
  t.is(ask("06 0001 1234", one), "06 00 01 12 34");
  t.is(ask("10 0000 0002 04 0005 0006", one), "10 00 00 00 02");
  t.is(ask("03 0000 0002", one, 99), "03 04 00 05 00 06");
});

test("an unknown address is exception 2, and a write there changes nothing", (t) => {
  t.is(ask("03 0001 0002"), "83 02");
  t.is(ask("04 0000 0001"), "84 02");
  const one = device();
  t.is(ask("10 0001 0002 04 0007 0008", one), "90 02");
  t.is(ask("03 0001 0001", one), "03 02 00 02");
});

test("an impossible quantity, coil value or length is exception 3", (t) => {
  t.is(ask("03 0000 0000"), "83 03");
  t.is(ask("03 0000 007e"), "83 03");
  t.is(ask("01 0000 07d1"), "81 03");
  t.is(ask("05 0003 0001"), "85 03");
  t.is(ask("10 0000 0002 03 0005 00"), "90 03");
  t.is(ask("03 00"), "83 03");
});

test("data come back, and an exception status from a device that has one", (t) => {
  t.is(ask("08 0000 a537"), "08 00 00 a5 37");
  t.is(ask("07"), "87 01");
  t.is(ask("07", { ...device(), exceptionStatus: 0x5a }), "07 5a");
});

test("any other function code is exception 1", (t) => {
  t.is(ask("08 0001 0000"), "88 01");
  t.is(ask("2b 0e 01 00"), "ab 01");
});

test("a device tells who it is where it can, and refuses where it cannot", (t) => {
  t.is(ask("11"), "91 01");
  t.is(ask("2b 0e 01 00"), "ab 01");
  const told = modbusDevice(7, [], { names: ["AB", "C", "1"], serverId: "XY" });
  t.is(ask("11", told), "11 03 58 59 ff");
  t.is(ask("2b 0e 01 00", told), "2b 0e 01 01 00 00 03 00 02 41 42 01 01 43 02 01 31");
});
