import { join } from "node:path";
import { commandOutput } from "./command-output.ts";
import { kernelNumber, kernelText, namesIn, type Roots } from "./kernel-file.ts";

/** What a Raspberry Pi says of its supply and of what it does against heat (`get_throttled`). */
export type PowerFlags = {
  /** Bit 0: below 4.63 V now; bit 16: since the boot. */
  readonly isLow: boolean;
  readonly wasLow: boolean;
  /** Bits 1 to 3: it runs slower now, for want of power or for heat; bits 17 to 19: since the boot. */
  readonly isSlowed: boolean;
  readonly wasSlowed: boolean;
  /** Bit 3: at its soft limit of temperature now; bit 19: since the boot. */
  readonly isAtSoftLimit: boolean;
  /** All of it, in hexadecimal digits, as evidence. */
  readonly hex: string;
};

/** How warm a part is. */
export type Temperature = {
  /** As the kernel calls it, such as `cpu-thermal`. */
  readonly zone: string;
  readonly celsius: number;
  /** From where on the kernel acts, the lowest; null where it does not say. */
  readonly limitCelsius: number | null;
};

const FIRMWARE = "devices/platform/soc/soc:firmware/get_throttled";

/** What the board says of its supply: by the kernel's file or by its own tool; null elsewhere. */
export async function powerFlags({ sys }: Roots): Promise<PowerFlags | null> {
  const text =
    kernelText(join(sys, FIRMWARE)) ??
    // Only beside the machine's own files.
    (sys === "/sys" ? await commandOutput("vcgencmd", ["get_throttled"], 2_000) : null);
  if (text !== null) return flagsIn(text);
  return watcherFlags(sys);
}

/** The flags in `throttled=0x50005`, or in `50005` as the kernel writes it; null in anything else. */
export function flagsIn(text: string): PowerFlags | null {
  const [, hex] = /^(?:throttled=)?(?:0x)?([0-9a-f]{1,8})$/i.exec(text.trim()) ?? [];
  if (hex === undefined) return null;
  const bits = Number.parseInt(hex, 16);
  const has = (mask: number) => (bits & mask) !== 0;
  return {
    isLow: has(0x1),
    wasLow: has(0x1_0000),
    isSlowed: has(0xe),
    wasSlowed: has(0xe_0000),
    isAtSoftLimit: has(0x8),
    hex: `0x${hex.toLowerCase()}`,
  };
}

/** Where there is no such file the kernel's own watcher tells of now (`rpi_volt`). */
function watcherFlags(sys: string): PowerFlags | null {
  const folder = join(sys, "class", "hwmon");
  const own = namesIn(folder).find((name) => kernelText(join(folder, name, "name")) === "rpi_volt");
  if (own === undefined) return null;
  const isLow = kernelNumber(join(folder, own, "in0_lcrit_alarm")) === 1;
  return flagsIn(isLow ? "1" : "0");
}

/** How warm the parts are that the kernel knows of, the warmest first. */
export function temperatures({ sys }: Roots): readonly Temperature[] {
  const folder = join(sys, "class", "thermal");
  const zones = namesIn(folder).filter((name) => name.startsWith("thermal_zone"));
  return zones
    .flatMap((name) => {
      const milli = kernelNumber(join(folder, name, "temp"));
      if (milli === null) return [];
      const zone = kernelText(join(folder, name, "type")) ?? name;
      return [{ zone, celsius: milli / 1000, limitCelsius: limitOf(join(folder, name)) }];
    })
    .toSorted((one, other) => other.celsius - one.celsius);
}

/** Where a fan is started is no limit. */
const ACTS = ["passive", "hot", "critical"];

function limitOf(zone: string): number | null {
  const points = namesIn(zone).filter((name) => /^trip_point_\d+_type$/.test(name));
  const limits = points.flatMap((name) => {
    const isLimit = ACTS.includes(kernelText(join(zone, name)) ?? "");
    const milli = kernelNumber(join(zone, name.replace(/type$/, "temp")));
    return isLimit && milli !== null && milli > 0 ? [milli / 1000] : [];
  });
  return limits.length === 0 ? null : Math.min(...limits);
}
