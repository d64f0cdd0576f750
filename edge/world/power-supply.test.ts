import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { machineIn } from "../../test-rigs/sim/file-tree.ts";
import { flagsIn, powerFlags, temperatures } from "./power-supply.ts";

const FIRMWARE = "sys/devices/platform/soc/soc:firmware/get_throttled";

test("the flags of a Raspberry Pi are told apart: now and since the boot, power and heat", (t) => {
  t.like(flagsIn("throttled=0x50005"), {
    isLow: true,
    wasLow: true,
    isSlowed: true,
    wasSlowed: true,
    isAtSoftLimit: false,
    hex: "0x50005",
  });
  t.like(flagsIn("80008"), { isLow: false, wasLow: false, isAtSoftLimit: true });
  t.like(flagsIn("0"), { isLow: false, wasLow: false, isSlowed: false, wasSlowed: false });
});

test("what is no such word tells nothing", (t) => {
  for (const text of ["", "VCHI initialization failed", "throttled=", "0x"]) {
    t.is(flagsIn(text), null);
  }
});

test("the kernel's file of the firmware is asked first, then its watcher of the voltage", async (t) => {
  const pi = machineIn(tempDir("pi"), { [FIRMWARE]: "50000" });
  t.like(await powerFlags(pi), { isLow: false, wasLow: true });
  const later = machineIn(tempDir("pi"), {
    "sys/class/hwmon/hwmon0/name": "cpu_thermal",
    "sys/class/hwmon/hwmon1/name": "rpi_volt",
    "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1",
  });
  t.like(await powerFlags(later), { isLow: true, wasLow: false });
  t.is(await powerFlags(machineIn(tempDir("pc"), {})), null);
});

test("temperatures come the warmest first, each with the lowest limit at which something is done", (t) => {
  const zone = (n: number) => `sys/class/thermal/thermal_zone${n}`;
  const roots = machineIn(tempDir("warm"), {
    [`${zone(0)}/type`]: "board",
    [`${zone(0)}/temp`]: "41000",
    [`${zone(1)}/type`]: "cpu-thermal",
    [`${zone(1)}/temp`]: "79500",
    [`${zone(1)}/trip_point_0_type`]: "active",
    [`${zone(1)}/trip_point_0_temp`]: "50000",
    [`${zone(1)}/trip_point_1_type`]: "critical",
    [`${zone(1)}/trip_point_1_temp`]: "110000",
    [`${zone(1)}/trip_point_2_type`]: "passive",
    [`${zone(1)}/trip_point_2_temp`]: "80000",
  });
  t.deepEqual(temperatures(roots), [
    { zone: "cpu-thermal", celsius: 79.5, limitCelsius: 80 },
    { zone: "board", celsius: 41, limitCelsius: null },
  ]);
});
