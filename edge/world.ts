import type { BoardLink, BoardSettings, LineSettings } from "./core/board.ts";
import type { HttpClient, HttpSettings } from "./core/http.ts";
import type {
  Link,
  Listener,
  ListenSettings,
  SerialSettings,
  TcpSettings,
  UdpSettings,
} from "./core/link.ts";
import type { Clock } from "./core/time.ts";
import type { MqttSettings, Uplink } from "./core/uplink.ts";

/** How grave a log line is. */
export type LogLevel = "info" | "warn" | "error";

/**
 * What became of binding a USB device anew: `refused` where the gateway may not, `failed` where it
 * did not succeed this time; `why`, for people.
 */
export type UsbRebinding = {
  readonly kind: "done" | "refused" | "failed";
  readonly why: string;
};

/**
 * Everything impure that the gateway needs. The real one is in `edge/world`, the simulated one in
 * `test-rigs/sim`. Every promise that a loop waits on comes from here or from the ledger.
 */
export interface World {
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  /** Opens a serial port. Rejects with `GatewayError` `link.refused`. */
  openSerial(settings: SerialSettings, signal: AbortSignal): Promise<Link>;
  /** Connects to a TCP endpoint. Rejects with `GatewayError` `link.refused`. */
  openTcp(settings: TcpSettings, signal: AbortSignal): Promise<Link>;
  /**
   * Opens a socket that speaks with a UDP endpoint and no other. Nobody need be there: what is not
   * received is only lost. Rejects with `GatewayError` `link.refused`.
   */
  openUdp(settings: UdpSettings, signal: AbortSignal): Promise<Link>;
  /**
   * Takes TCP connections until `signal` aborts; each is handed to `onCall` with the IP address that
   * it comes from. Rejects with `GatewayError` `link.refused`.
   */
  listenTcp(
    settings: ListenSettings,
    onCall: (link: Link, address: string) => void,
    signal: AbortSignal,
  ): Promise<Listener>;
  /**
   * Begins to read a microcontroller board with Firmata firmware. Rejects with `GatewayError`
   * `link.refused`.
   */
  openBoard(settings: BoardSettings, signal: AbortSignal): Promise<BoardLink>;
  /** Begins to read and drive lines of a GPIO chip. Rejects with `GatewayError` `link.refused`. */
  openLines(settings: LineSettings, signal: AbortSignal): Promise<BoardLink>;
  /** The USB device behind a serial port, by its name on the bus; null where there is none. */
  usbOf(path: string): Promise<string | null>;
  /**
   * Takes a USB device from its driver and gives it back. For as long as it is without, its name
   * stands in the directory `marks`. Never rejects.
   */
  rebindUsb(usb: string, marks: string): Promise<UsbRebinding>;
  /**
   * Gives back the USB devices whose names stand in `marks`: their driver did not take them, or the
   * process that took them from it has ended. Tells what became of each. Never rejects.
   */
  giveBackUsb(marks: string): Promise<readonly (UsbRebinding & { readonly usb: string })[]>;
  /** Opens a session with a broker. Rejects with a `GatewayError` of the area `uplink`. */
  connectMqtt(settings: MqttSettings, signal: AbortSignal): Promise<Uplink>;
  /** Opens the way to a server. Rejects with `uplink.secret` where a secret cannot be read. */
  openHttp(settings: HttpSettings): Promise<HttpClient>;
  /** Bytes of memory that this process takes. */
  residentBytes(): number;
  /** Tells the log what happened, where, and in `fields` the evidence. */
  log(level: LogLevel, text: string, fields?: Readonly<Record<string, unknown>>): void;
}
