import { EventEmitter } from "node:events";
import bind, { type Firmata, type Version } from "firmata-io";
import type { Link } from "../../core/link.ts";

/** A board that is reset by opening its port is busy with its bootloader for up to two seconds. */
const ASK_VERSION_MS = 2_500;
/** How long a board may take from the opening of its port until it can be told what to do. */
const READY_MS = 15_000;
/** Answers to what was asked while the board started may still come for so long. */
const SETTLE_MS = 500;

/**
 * What reads I2C without this makes other values of it: up to 2.4 an absent chip is answered for
 * with what the chip before it sent.
 */
const NEEDED = { major: 2, minor: 5 } as const;

/** Digital pins are reported by ports of so many. */
const PORT_PINS = 8;

const REMEDY =
  "Put StandardFirmata 2.5 or later onto the board (Arduino IDE: Examples, Firmata, StandardFirmata)";

/** A board that has told who it is. */
export type Board = {
  readonly io: Firmata;
  /** Name and version of its firmware. */
  readonly firmware: string;
};

/**
 * Has the board behind `link` say who it is, and sets it back to how it starts; one that has
 * outputs is only made quiet, for what it drives must not fall. Rejects with what is wrong and
 * what to do.
 */
export async function greet(link: Link, samplingMs: number, hasOutputs = false): Promise<Board> {
  const io = new bind.Firmata(new Transport(link), {
    reportVersionTimeout: ASK_VERSION_MS,
    samplingInterval: samplingMs,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    reject(
      new Error(
        `no Firmata firmware answered within ${READY_MS / 1000} s. ${REMEDY}, and check baud (57600 as a rule)`,
      ),
    );
  }, READY_MS);
  io.once("reportversion", () => refuseOlder(io, reject));
  io.once("queryfirmware", () => refuseOlder(io, reject));
  io.once("ready", resolve);
  void link.closed.then((why) => reject(new Error(why)));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
  // A board that opening does not reset still does what it was told before.
  if (hasOutputs) quieten(io);
  else io.reset();
  io.setSamplingInterval(samplingMs);
  await new Promise((settled) => setTimeout(settled, SETTLE_MS));
  return { io, firmware: nameOf(io) };
}

/** Has the board tell nothing by itself (Firmata protocol, reporting of pins and ports). */
function quieten(io: Firmata): void {
  for (const channel of io.analogPins.keys()) io.reportAnalogPin(channel, 0);
  for (let pin = 0; pin < io.pins.length; pin += PORT_PINS) io.reportDigitalPin(pin, 0);
}

function refuseOlder(io: Firmata, reject: (error: Error) => void): void {
  const { version, firmware } = io;
  // What other firmware calls itself says nothing about what it can do: its protocol does.
  const isStandard = firmware.name?.startsWith("StandardFirmata") ?? false;
  const told = isStandard ? [version, firmware.version ?? {}] : [version];
  const older = told.find(isOlder);
  if (older === undefined) return;
  const what = firmware.name === undefined ? "Firmata" : plainName(firmware.name);
  const text = `the board runs ${what} ${textOf(older)}, which cannot tell an absent I2C chip from one that answers`;
  reject(new Error(`${text}. ${REMEDY}`));
}

function isOlder({ major = 0, minor = 0 }: Version): boolean {
  return major < NEEDED.major || (major === NEEDED.major && minor < NEEDED.minor);
}

function nameOf({ firmware, version }: Firmata): string {
  return `${plainName(firmware.name ?? "Firmata")} ${textOf(firmware.version ?? version)}`;
}

/** Some firmware calls itself by its source file. */
function plainName(name: string): string {
  return name.replace(/\.(ino|cpp)$/, "");
}

function textOf({ major = 0, minor = 0 }: Version): string {
  return `${major}.${minor}`;
}

/** A link as firmata-io takes it. */
class Transport extends EventEmitter {
  readonly #link: Link;

  constructor(link: Link) {
    super();
    this.#link = link;
    link.onData = (bytes) => this.emit("data", bytes);
  }

  write(bytes: Uint8Array): void {
    this.#link.write(bytes);
  }
}
