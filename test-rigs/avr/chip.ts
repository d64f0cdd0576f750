import {
  AVRClock,
  AVREEPROM,
  AVRIOPort,
  AVRTimer,
  AVRTWI,
  AVRUSART,
  AVRWatchdog,
  avrInstruction,
  CPU,
  clockConfig,
  eepromConfig,
  portBConfig,
  portCConfig,
  portDConfig,
  timer0Config,
  timer1Config,
  timer2Config,
  twiConfig,
  usart0Config,
  watchdogConfig,
} from "avr8js";
import { attachConverter } from "./converter.ts";
import { I2cBus } from "./i2c.ts";
import type { Outside } from "./outside.ts";
import { selfProgramming } from "./self-programming.ts";

/** The clock of the board, in hertz. */
export const CHIP_HZ = 16_000_000;

const SRAM_BYTES = 2048;
const SRAM_AT = 0x100;
const MCUSR = 0x54;
const SMCR = 0x53;
const UDR = 0xc6;
const SLEEP_ENABLE = 1;
const SLEEP = 0x9588;
const SPM = 0x95e8;

/** Why a chip begins: bits of MCUSR (ATmega328P data sheet 11.9.1). */
export const POWER_ON = 1;
export const EXTERNAL_RESET = 2;
export const WATCHDOG_RESET = 8;

/**
 * An ATmega328P from one reset to the next, made anew at each: avr8js keeps registers and waiting
 * events over a reset, a chip does not. Time is `cycles`.
 */
export class Chip {
  readonly cpu: CPU;
  readonly usart: AVRUSART;
  readonly pins: AVRIOPort;
  /** Set when the watchdog has bitten: the chip does nothing more. */
  isReset = false;
  /** Set when its power goes or another one takes its place: neither does it anything more. */
  isOver = false;
  readonly #program: (cpu: CPU) => void;

  /** `before` is the chip whose memory goes on; null where there was no power. */
  constructor(outside: Outside, cause: number, bootAt: number, before: Chip | null) {
    const cpu = new CPU(new Uint16Array(outside.flash.buffer), SRAM_BYTES);
    this.cpu = cpu;
    if (before === null) outside.fillByChance(cpu.data.subarray(SRAM_AT));
    else cpu.data.set(before.cpu.data.subarray(SRAM_AT), SRAM_AT);
    cpu.cycles = outside.cycles;
    for (const config of [timer0Config, timer1Config, timer2Config]) new AVRTimer(cpu, config);
    for (const config of [portBConfig, portCConfig]) new AVRIOPort(cpu, config);
    this.pins = new AVRIOPort(cpu, portDConfig);
    this.usart = new AVRUSART(cpu, usart0Config, CHIP_HZ);
    const send = cpu.writeHooks[UDR];
    cpu.writeHooks[UDR] = (...write) => outside.isTransmitterStuck || send?.(...write);
    attachConverter(cpu, outside);
    const twi = new AVRTWI(cpu, twiConfig, CHIP_HZ);
    twi.eventHandler = new I2cBus(twi, outside.i2c);
    new AVREEPROM(cpu, outside, { ...eepromConfig, ...outside.eepromTimes });
    new AVRWatchdog(cpu, watchdogConfig, new AVRClock(cpu, CHIP_HZ, clockConfig));
    cpu.reset = () => {
      this.isReset = true;
    };
    cpu.pc = bootAt / 2;
    cpu.data[MCUSR] = cause | (before?.cpu.data[MCUSR] ?? 0);
    if (cause === WATCHDOG_RESET) biteSoon(cpu);
    this.#program = selfProgramming(outside.flash);
  }

  /** Goes on until `cycles`, or until it is reset or over. */
  run(cycles: number): void {
    const { cpu } = this;
    const told = cpu as unknown as Told;
    while (cpu.cycles < cycles && !this.isReset && !this.isOver) {
      const opcode = cpu.progMem[cpu.pc];
      if (opcode === SPM) this.#program(cpu);
      avrInstruction(cpu);
      if (opcode === SLEEP) this.#sleep(cycles);
      // Behind most of sixteen million instructions a second a tick finds nothing to do.
      else if (cpu.nextInterrupt >= 0 || isDue(told, cpu.cycles)) cpu.tick();
    }
  }

  /** Nothing happens until an interrupt: that takes no instructions, here as there. */
  #sleep(cycles: number): void {
    const { cpu } = this;
    const { pc } = cpu;
    cpu.tick();
    if (!((cpu.data[SMCR] as number) & SLEEP_ENABLE)) return;
    while (cpu.pc === pc && cpu.cycles < cycles && !this.isReset) {
      cpu.cycles = Math.min(cycles, nextEventOf(cpu) ?? cycles);
      cpu.tick();
    }
    // Time is up and it still sleeps: it goes on there.
    if (cpu.pc === pc && cpu.cycles >= cycles) cpu.pc = pc - 1;
  }
}

/** What happens next by itself, which avr8js does not tell otherwise. */
type Told = { readonly nextClockEvent: { readonly cycles: number } | null };

function isDue({ nextClockEvent }: Told, cycles: number): boolean {
  return nextClockEvent !== null && nextClockEvent.cycles <= cycles;
}

function nextEventOf(cpu: CPU): number | undefined {
  return (cpu as unknown as Told).nextClockEvent?.cycles;
}

/** After a watchdog reset it stays on, at its shortest, until the program turns it off (11.8.2). */
function biteSoon(cpu: CPU): void {
  const { WDTCSR } = watchdogConfig;
  cpu.writeData(WDTCSR, 0x18);
  cpu.writeData(WDTCSR, 0x08);
}
