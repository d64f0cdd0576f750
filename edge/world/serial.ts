import { SerialPort } from "serialport";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Link, SerialFormat, SerialSettings } from "../core/link.ts";

/** Opens a serial port as a `Link`. Rejects with `link.refused`; ends when `signal` aborts. */
export async function openSerial(settings: SerialSettings, signal: AbortSignal): Promise<Link> {
  const { path, baud, format } = settings;
  const port = new SerialPort({ path, baudRate: baud, ...framing(format), autoOpen: false });
  const link = new SerialLink(port);
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null) return resolve();
      const text = `cannot open ${path}: ${error.message}`;
      reject(new GatewayError("link.refused", text, { cause: error }));
    });
  });
  if (signal.aborted) link.close();
  return link;
}

function framing(format: SerialFormat) {
  const [dataBits, parity, stopBits] = format;
  return {
    dataBits: Number(dataBits) as 7 | 8,
    parity: parity === "E" ? ("even" as const) : parity === "O" ? ("odd" as const) : "none",
    stopBits: Number(stopBits) as 1 | 2,
  } as const;
}

/**
 * serialport tells of an unplugged adapter by `close` only while a `data` listener is attached,
 * by a failing write otherwise, and sometimes twice; whichever comes first ends the link.
 */
class SerialLink implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  readonly #port: SerialPort;
  readonly #lost: (why: string) => void;

  constructor(port: SerialPort) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#lost = resolve;
    this.#port = port;
    port.on("data", (bytes: Uint8Array) => this.onData?.(bytes));
    port.on("error", (error) => this.#end(error.message));
    port.on("close", (error: Error | null) => resolve(error?.message ?? "closed"));
  }

  write(bytes: Uint8Array): void {
    if (!this.#port.isOpen) return;
    this.#port.write(bytes, (error) => {
      if (error) this.#end(messageOf(error));
    });
  }

  close(): void {
    this.#end("closed by the gateway");
  }

  #end(why: string): void {
    this.#lost(why);
    // The port may be gone already: closing it then fails, which changes nothing.
    if (this.#port.isOpen) this.#port.close(() => {});
  }
}
