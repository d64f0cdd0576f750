import test from "ava";
import { mayEcho } from "./echo.ts";

const may = (bus: object) => mayEcho(bus as Parameters<typeof mayEcho>[0]);

test("a serial line may give back what is sent unless it is said whether it does", (t) => {
  t.true(may({ kind: "modbus-rtu", echo: null }));
  t.false(may({ kind: "modbus-rtu", echo: false }));
  t.false(may({ kind: "modbus-ascii", echo: true }), "there both must come");
  t.true(may({ kind: "modbus-tcp", framing: "rtu" }), "a line behind a serial server");
  t.true(may({ kind: "modbus-dial-in", framing: "ascii" }));
});

test("a network gives back nothing by itself", (t) => {
  t.false(may({ kind: "modbus-tcp", framing: "tcp" }));
  t.false(may({ kind: "modbus-udp" }));
});
