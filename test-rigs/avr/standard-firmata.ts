import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { missingPackages } from "../debian/packages.ts";
import { testWith } from "../debian/test-with.ts";
import { tempDir } from "../processes/child.ts";
import { oneAtATime } from "../processes/one-at-a-time.ts";

/**
 * An npm package that carries the source of StandardFirmata 2.5.8, which Debian has not. It is
 * under the LGPL: fetched and compiled where the tests run, and never kept here.
 */
const PACKAGE = "node-pixel@0.11.0";
const SHA512 =
  "nVByJlbqh5rgCbjUXibAm5Z8H/+nqejPUWlF0pMX+z6CqSeHD4QOJ97JqlYY1DoQrRcWtWDizS6iOhGI2Zqgqg==";
const IN_PACKAGE = "package/firmware/src/libs/firmata/arduino";

const NEEDED = ["gcc-avr", "avr-libc", "arduino-core-avr"] as const;
const CORE = "/usr/share/arduino/hardware/arduino/avr";
const CACHE = fileURLToPath(
  new URL("../../node_modules/.cache/standard-firmata/", import.meta.url),
);
/** Several test files need it at a time: one of them makes it. */
const LOCK = join(CACHE, "lock");

/** StandardFirmata drives servos by a library that Debian has not, and the tests have no servos. */
const NO_SERVO = `#pragma once
#include <stdint.h>
#define MAX_SERVOS 12
class Servo {
 public:
  uint8_t attach(int) { return 0; }
  uint8_t attach(int, int, int) { return 0; }
  void detach() {}
  void write(int) {}
  bool attached() { return false; }
};
`;

/**
 * ava's `test` for what needs a board with StandardFirmata, one after the other: it never sleeps.
 * Counted as skipped where the compiler or the source cannot be had; where `CI` is set that fails.
 */
export const withStandardFirmata =
  missingPackages(NEEDED).length > 0
    ? testWith(...NEEDED)
    : hasSource() || process.env.CI
      ? test.serial
      : test.skip;

/** What stands in the flash of a board with StandardFirmata 2.5.8 for an Arduino Uno. */
export function standardFirmata(): Uint8Array {
  const kept = join(CACHE, "standard-firmata.bin");
  const source = fetchSource();
  oneAtATime(LOCK, () => {
    if (existsSync(kept)) return;
    writeFileSync(`${kept}.new`, build(source));
    renameSync(`${kept}.new`, kept);
  });
  return readFileSync(kept);
}

function hasSource(): boolean {
  try {
    fetchSource();
    return true;
  } catch (error) {
    console.log(`Tests with StandardFirmata are skipped: ${PACKAGE} cannot be fetched (${error})`);
    return false;
  }
}

/** The directory with the library, fetched once. Throws where it cannot be had or is another one. */
function fetchSource(): string {
  mkdirSync(CACHE, { recursive: true });
  const source = join(CACHE, IN_PACKAGE);
  oneAtATime(LOCK, () => {
    if (!existsSync(join(source, "Firmata.cpp"))) fetchTo(CACHE);
  });
  return source;
}

function fetchTo(folder: string): void {
  const out = tempDir("firmata-source");
  const pack = ["pack", PACKAGE, "--silent", "--pack-destination", out];
  execFileSync("npm", pack, { stdio: ["ignore", "ignore", "pipe"], timeout: 60_000 });
  const archive = join(out, readdirSync(out)[0] as string);
  const sum = createHash("sha512").update(readFileSync(archive)).digest("base64");
  if (sum !== SHA512) throw new Error(`${PACKAGE} is not what it was: sha512-${sum}`);
  execFileSync("tar", ["-xzf", archive, "-C", folder, IN_PACKAGE]);
}

function build(source: string): Uint8Array {
  const out = tempDir("firmata");
  writeFileSync(join(out, "Servo.h"), NO_SERVO);
  const wire = join(CORE, "libraries/Wire/src");
  const core = join(CORE, "cores/arduino");
  const places = [core, join(CORE, "variants/standard"), wire, source, out].map(
    (dir) => `-I${dir}`,
  );
  const chip = ["-mmcu=atmega328p", "-DF_CPU=16000000L", "-DARDUINO=10819", "-DARDUINO_ARCH_AVR"];
  // Debian's compiler does not know the number of digits that Arduino's core asks it for.
  const options = [
    ...chip,
    "-DARDUINO_AVR_UNO",
    "-DDECIMAL_DIG=17",
    "-Os",
    "-flto",
    "-w",
    ...places,
  ];
  const sections = ["-ffunction-sections", "-fdata-sections"];
  const compile = (compiler: string, flags: readonly string[], files: readonly string[]) =>
    execFileSync(compiler, [...options, ...sections, ...flags, "-c", ...files], {
      cwd: out,
      stdio: "pipe",
    });
  const cpp = ["-std=gnu++11", "-fpermissive", "-fno-exceptions", "-fno-threadsafe-statics"];
  const library = ["Firmata.cpp", "FirmataMarshaller.cpp", "FirmataParser.cpp"];
  compile("avr-g++", cpp, [
    ...filesIn(core, ".cpp"),
    ...filesIn(wire, ".cpp"),
    ...library.map((name) => join(source, name)),
  ]);
  const sketch = join(source, "examples/StandardFirmata/StandardFirmata.ino");
  compile("avr-g++", [...cpp, "-include", "Arduino.h", "-x", "c++"], [sketch]);
  compile(
    "avr-gcc",
    ["-std=gnu11"],
    [...filesIn(core, ".c"), ...filesIn(join(wire, "utility"), ".c")],
  );
  compile("avr-gcc", ["-x", "assembler-with-cpp"], filesIn(core, ".S"));
  const elf = join(out, "firmata.elf");
  execFileSync("avr-gcc", [
    ...options,
    "-Wl,--gc-sections",
    ...filesIn(out, ".o"),
    "-lm",
    "-o",
    elf,
  ]);
  const image = join(out, "firmata.bin");
  execFileSync("avr-objcopy", ["-j", ".text", "-j", ".data", "-O", "binary", elf, image]);
  return readFileSync(image);
}

function filesIn(dir: string, extension: string): readonly string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(extension))
    .map((name) => join(dir, name));
}
