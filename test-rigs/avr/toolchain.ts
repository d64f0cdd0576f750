import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { missingPackages } from "../debian/packages.ts";
import { testWith } from "../debian/test-with.ts";
import { tempDir } from "../processes/child.ts";

/** The source of the node's firmware. */
export const SOURCE: string = fileURLToPath(
  new URL("../../drivers/node-firmware/source", import.meta.url),
);

/** The compiler that made what is shipped; another one makes other bytes of the same source. */
const COMPILER = "5.4.0";

/** ava's `test` for what compiles the firmware. */
export const withCompiler = testWith("make", "gcc-avr", "avr-libc");

/** ava's `test` for what compiles it to the very bytes that are shipped; else counted as skipped. */
export const withThatCompiler = isThatCompiler() ? withCompiler : test.skip;

function isThatCompiler(): boolean {
  if (missingPackages(["gcc-avr"]).length > 0) return false;
  return execFileSync("avr-gcc", ["-dumpversion"], { encoding: "utf8" }).trim() === COMPILER;
}

/** Builds the firmware; the directory where it is. */
export function buildFirmware(): string {
  const out = tempDir("node-firmware");
  execFileSync("make", ["--directory", SOURCE, `OUT=${out}`], { stdio: "pipe" });
  return out;
}

/** Sources of bootloaders, in Debian's package arduino-core-avr. */
const BOOTLOADERS = "/usr/share/arduino/hardware/arduino/avr/bootloaders";

const BOOTLOADER_PACKAGES = ["gcc-avr", "avr-libc", "arduino-core-avr"] as const;

/**
 * ava's `test` for what needs the bootloaders that others wrote, one after the other: they never
 * sleep, so that a board takes half a processor.
 */
export const withBootloaders =
  missingPackages(BOOTLOADER_PACKAGES).length === 0
    ? test.serial
    : testWith(...BOOTLOADER_PACKAGES);

/** A bootloader, and where in flash it stands. */
export type BootloaderImage = { readonly bytes: Uint8Array; readonly at: number };

/**
 * Optiboot, as on the Uno, 115200 baud. This compiler makes 20 bytes too many of it for its 512 at
 * the end of flash: it stands in 1 KiB, which the chip can be set to as well. It does not blink
 * first, which would take the simulated chip too long.
 */
export function buildOptiboot(): BootloaderImage {
  const options = ["-fno-inline-small-functions", "-fno-split-wide-types", "-mshort-calls"];
  const defines = ["-DLED_START_FLASHES=0", "-DBAUD_RATE=115200"];
  const sections = ["-Wl,--section-start=.version=0x7ffe", "-nostartfiles", "-nostdlib"];
  return buildBootloader("optiboot/optiboot.c", 0x7c00, [...options, ...defines, ...sections]);
}

/** ATmegaBOOT, as on the old Nano, 57600 baud; it does not blink either. */
export function buildAtmegaBoot(): BootloaderImage {
  const defines = ["-DMAX_TIME_COUNT=F_CPU>>4", "-DNUM_LED_FLASHES=0", "-DBAUD_RATE=57600"];
  return buildBootloader("atmega/ATmegaBOOT_168.c", 0x7800, defines);
}

function buildBootloader(source: string, at: number, options: readonly string[]): BootloaderImage {
  const out = tempDir("bootloader");
  const elf = join(out, "boot.elf");
  const image = join(out, "boot.bin");
  const chip = ["-mmcu=atmega328p", "-DF_CPU=16000000L", "-Os", "-w", "-Wl,--relax"];
  const where = `-Wl,--section-start=.text=0x${at.toString(16)}`;
  execFileSync("avr-gcc", [...chip, where, ...options, join(BOOTLOADERS, source), "-o", elf]);
  execFileSync("avr-objcopy", ["-j", ".text", "-j", ".data", "-O", "binary", elf, image]);
  return { bytes: readFileSync(image), at };
}
