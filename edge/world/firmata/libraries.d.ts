/** What is used of firmata-io 2.3.0, which has no types of its own. */
declare module "firmata-io" {
  import type { EventEmitter } from "node:events";

  export type Version = { readonly major?: number; readonly minor?: number };

  export type Pin = {
    readonly supportedModes: readonly number[];
    readonly mode?: number;
    /** As the board told it last when it was asked for the pin's state. */
    readonly state?: number;
  };

  /**
   * Events: `open`, `close`, `ready`, `error`, `string`, `reportversion`, `queryfirmware`,
   * `analog-read-N`, `digital-read-N`, `pin-state-N`, `I2C-reply-ADDRESS-REGISTER`.
   */
  export class Firmata extends EventEmitter {
    constructor(
      transport: EventEmitter & { write(bytes: Uint8Array): void },
      options: { reportVersionTimeout: number; samplingInterval: number },
    );
    readonly MODES: {
      readonly INPUT: number;
      readonly OUTPUT: number;
      readonly ANALOG: number;
      readonly PULLUP: number;
      readonly I2C: number;
    };
    readonly RESOLUTION: { readonly ADC: number | null };
    /** Of the protocol. */
    readonly version: Version;
    readonly firmware: { readonly name?: string; readonly version?: Version };
    readonly pins: readonly Pin[];
    readonly analogPins: readonly number[];
    reset(): void;
    setSamplingInterval(ms: number): void;
    pinMode(pin: number, mode: number): void;
    reportAnalogPin(channel: number, isOn: 0 | 1): void;
    reportDigitalPin(pin: number, isOn: 0 | 1): void;
    queryPinState(pin: number, then: () => void): void;
    queryFirmware(then: () => void): void;
    i2cConfig(options: { delay: number }): void;
    i2cWrite(address: number, bytes: readonly number[]): void;
    i2cReadOnce(
      address: number,
      register: number,
      count: number,
      then: (bytes: readonly number[]) => void,
    ): void;
  }

  const bind: { readonly Firmata: typeof Firmata };
  // biome-ignore lint/style/noDefaultExport: the package has no other.
  export default bind;
}

/** What is used of johnny-five 2.1.0, which has no types of its own. */
declare module "johnny-five" {
  type Options = {
    /** Stands in for a board. */
    readonly board: unknown;
    readonly controller: string;
    readonly address: number;
    /** How often the component emits what it knows, in milliseconds. */
    readonly freq: number;
  };

  const five: {
    readonly Thermometer: new (options: Options) => { readonly celsius: number };
    /** In kPa. */
    readonly Barometer: new (
      options: Options,
    ) => { readonly pressure: number };
    /** In %. */
    readonly Hygrometer: new (
      options: Options,
    ) => { readonly relativeHumidity: number };
  };
  // biome-ignore lint/style/noDefaultExport: the package has no other.
  export default five;
}
