import { PinState } from "avr8js";
import { CHIP_HZ, Chip, EXTERNAL_RESET, POWER_ON, WATCHDOG_RESET } from "./chip.ts";
import { Outside } from "./outside.ts";

/** A character that the board sent: the cycles at which its start bit began and its stop bit ended. */
export type SentCharacter = { readonly value: number; readonly from: number; readonly to: number };

/** The driver enable of the transceiver changed. */
export type DriverEdge = { readonly at: number; readonly isOn: boolean };

/** D4 enables the driver, D2 counts pulses. */
const DRIVER_PIN = 4;
const PULSE_PIN = 2;

const UCSRA = 0xc0;
const DOUBLE_SPEED = 2;
const UBRR = 0xc4;
const RECEIVED = 0x80;
/** The receiver holds one more character while one waits to be read (data sheet 20.7). */
const FIFO = 2;
const LATER_CYCLES = 64;

/** Receivers still make sense of a character where speeds differ by less than this. */
const SPEED_TOLERANCE = 0.045;
const BITS_A_CHARACTER = 10;
/** What a character looks like at a wrong speed. */
const GARBLED = 0x55;

/**
 * How the board is wired: over an RS-485 transceiver, which takes only what is sent while the
 * driver is on, or straight to a USB chip.
 */
export type Wiring = "rs485" | "usb";

/** How a board is made. */
export type BoardOptions = {
  readonly wiring?: Wiring;
  /** Where the chip begins: 0, or where a bootloader is. */
  readonly bootAt?: number;
  /** Speed of the line, or of who speaks to it. */
  readonly baud?: number;
};

/** A board with an ATmega328P that runs what is in its flash, in cycles of its own clock. */
export class Board {
  readonly outside = new Outside();
  readonly sent: SentCharacter[] = [];
  readonly driver: DriverEdge[] = [];
  /** Characters that came while the chip still held two unread, or had its receiver off. */
  lost = 0;
  baud: number;
  wiring: Wiring;
  /** Called with each character that the line takes, when its stop bit is over. */
  onCharacter: ((value: number) => void) | null = null;
  /** How often the watchdog bit. */
  watchdogResets = 0;
  readonly #bootAt: number;
  #chip: Chip | null = null;
  #waiting: number[] = [];
  /** When the line is free of what was sent to the board. */
  #freeAt = 0;

  constructor({ wiring = "rs485", bootAt = 0, baud = 9600 }: BoardOptions = {}) {
    this.wiring = wiring;
    this.#bootAt = bootAt;
    this.baud = baud;
  }

  /** Whether it has power. */
  get isOn(): boolean {
    return this.#chip !== null;
  }

  /** Whether it runs what stands where it begins, and that is a bootloader. */
  get isInBootloader(): boolean {
    const { pc = 0 } = this.#chip?.cpu ?? {};
    return this.#bootAt > 0 && pc * 2 >= this.#bootAt;
  }

  /** Milliseconds of its clock since the beginning. */
  get ms(): number {
    return (this.outside.cycles * 1000) / CHIP_HZ;
  }

  powerUp(): void {
    this.#begin(POWER_ON);
  }

  /** Pulls the power: what stands in memory is gone, flash and EEPROM stay. */
  cutPower(): void {
    this.#replace(null);
    this.#waiting = [];
  }

  /** The reset button, or DTR. */
  pressReset(): void {
    if (this.#chip !== null) this.#begin(EXTERNAL_RESET, this.#chip);
  }

  /** Closes or opens the contact at the pulse input. */
  setContact(isClosed: boolean): void {
    this.setLevel(PULSE_PIN, !isClosed);
  }

  /** Drives one of D2 to D7 from outside. */
  setLevel(pin: number, isHigh: boolean): void {
    this.#levels.set(pin, isHigh);
    this.#chip?.pins.setPin(pin, isHigh);
  }
  readonly #levels = new Map([[PULSE_PIN, true]]);

  /** Whether the chip drives one of D0 to D7 high, or low; null where it does not drive it. */
  drives(pin: number): boolean | null {
    const state = this.#chip?.pins.pinState(pin);
    return state === PinState.High ? true : state === PinState.Low ? false : null;
  }

  /** Sends `bytes` to the board, one behind the other; `gapMs` is left before each but the first. */
  receive(bytes: Uint8Array, gapMs = 0): void {
    const gap = (gapMs * CHIP_HZ) / 1000;
    const character = (BITS_A_CHARACTER * CHIP_HZ) / this.baud;
    let at = Math.max(this.#freeAt, this.outside.cycles);
    for (const value of bytes) {
      at += character;
      this.#arrive(value, at);
      this.#freeAt = at;
      at += gap;
    }
  }

  /** Lets `ms` of its clock pass. */
  run(ms: number): void {
    const { outside } = this;
    const end = outside.cycles + (ms * CHIP_HZ) / 1000;
    while (outside.cycles < end) {
      const chip = this.#chip;
      if (chip === null) {
        outside.cycles = end;
        return;
      }
      chip.run(end);
      outside.cycles = Math.min(end, Math.max(outside.cycles, chip.cpu.cycles));
      if (chip.isReset && this.#chip === chip) {
        this.watchdogResets++;
        this.#begin(WATCHDOG_RESET, chip);
      }
    }
  }

  #begin(cause: number, before: Chip | null = null): void {
    const chip = new Chip(this.outside, cause, this.#bootAt, before);
    this.#replace(chip);
    this.#waiting = [];
    this.#follow(chip);
    for (const [pin, isHigh] of this.#levels) chip.pins.setPin(pin, isHigh);
  }

  #replace(chip: Chip | null): void {
    if (this.#chip !== null) this.#chip.isOver = true;
    this.#chip = chip;
  }

  #follow(chip: Chip): void {
    const { cpu, usart, pins } = chip;
    this.#note(cpu.cycles, false);
    pins.addListener(() => this.#note(cpu.cycles, pins.pinState(DRIVER_PIN) === 1));
    usart.onByteTransmit = (value) => {
      const from = cpu.cycles;
      const to = from + characterCycles(cpu.data);
      cpu.addClockEvent(() => this.#leave({ value, from, to }, usart.baudRate), to - from);
    };
  }

  #note(at: number, isOn: boolean): void {
    if ((this.driver.at(-1)?.isOn ?? false) !== isOn) this.driver.push({ at, isOn });
  }

  #leave(character: SentCharacter, boardBaud: number): void {
    this.sent.push(character);
    const edge = this.driver.at(-1);
    const isDriven = edge?.isOn === true && edge.at <= character.from;
    if (this.wiring === "rs485" && !isDriven) return;
    this.onCharacter?.(this.#isHeard(boardBaud) ? character.value : character.value ^ GARBLED);
  }

  #isHeard(boardBaud: number): boolean {
    return Math.abs(boardBaud / this.baud - 1) < SPEED_TOLERANCE;
  }

  #arrive(value: number, at: number): void {
    const chip = this.#chip;
    if (chip === null) return;
    chip.cpu.addClockEvent(() => {
      if (this.#chip !== chip || this.#isDeaf()) return;
      this.#waiting.push(this.#isHeard(chip.usart.baudRate) ? value : value ^ GARBLED);
      if (this.#waiting.length > FIFO) {
        this.#waiting.pop();
        this.lost++;
      }
      this.#offer(chip);
    }, at - chip.cpu.cycles);
  }

  /** Receiver and driver are enabled by one pin, one at a time. */
  #isDeaf(): boolean {
    return this.wiring === "rs485" && this.driver.at(-1)?.isOn === true;
  }

  /** Gives the chip the next character as soon as it has read the one before. */
  #offer(chip: Chip): void {
    if (this.#chip !== chip || this.#waiting.length === 0) return;
    if ((chip.cpu.data[UCSRA] as number) & RECEIVED) {
      chip.cpu.addClockEvent(() => this.#offer(chip), LATER_CYCLES);
      return;
    }
    const value = this.#waiting.shift() as number;
    if (chip.usart.writeByte(value, true) === false) this.lost++;
  }
}

/** How long the chip takes to send one character, 8N1, by its own registers (data sheet 20.3.1). */
function characterCycles(data: Uint8Array): number {
  const [low = 0, high = 0] = data.subarray(UBRR, UBRR + 2);
  const divider = (data[UCSRA] as number) & DOUBLE_SPEED ? 8 : 16;
  return ((high << 8) + low + 1) * divider * BITS_A_CHARACTER;
}
