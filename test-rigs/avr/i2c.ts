import type { AVRTWI, TWIEventHandler } from "avr8js";

/** A chip on the I2C wires, byte by byte. */
export interface I2cDevice {
  /** Seven bits. */
  readonly address: number;
  /** It is addressed, to be written or to be read. */
  begin(): void;
  write(byte: number): void;
  read(): number;
}

/** What reads from wires that nobody drives. */
const UNDRIVEN = 0xff;

/** The I2C wires of a board, with what hangs on them. */
export class I2cBus implements TWIEventHandler {
  readonly #twi: AVRTWI;
  readonly #devices: ReadonlySet<I2cDevice>;
  #addressed: I2cDevice | null = null;

  constructor(twi: AVRTWI, devices: ReadonlySet<I2cDevice>) {
    this.#twi = twi;
    this.#devices = devices;
  }

  start(): void {
    this.#twi.completeStart();
  }

  stop(): void {
    this.#addressed = null;
    this.#twi.completeStop();
  }

  connectToSlave(address: number): void {
    this.#addressed = [...this.#devices].find((device) => device.address === address) ?? null;
    this.#addressed?.begin();
    this.#twi.completeConnect(this.#addressed !== null);
  }

  writeByte(byte: number): void {
    this.#addressed?.write(byte);
    this.#twi.completeWrite(this.#addressed !== null);
  }

  readByte(): void {
    this.#twi.completeRead(this.#addressed?.read() ?? UNDRIVEN);
  }
}
