import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { SerialPort } from "serialport";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Link, SerialFormat, SerialSettings } from "../core/link.ts";

type Binding = Awaited<ReturnType<typeof SerialPort.binding.open>>;

/** Ports that this process is closing, by path: their lock is held until that is done. */
const closing = new Map<string, Promise<void>>();

/**
 * Opens a serial port as a `Link`. Rejects with `link.refused`. serialport sets and locks the
 * port; its bytes are read as a terminal's, by another descriptor: that costs a third of the
 * processor time, and an adapter pulled out shows as the end of the stream, where serialport goes
 * on reading nothing for ever.
 */
export async function openSerial(settings: SerialSettings, signal: AbortSignal): Promise<Link> {
  const { path, baud, format } = settings;
  let stream: ReadStream | null = null;
  try {
    await closing.get(path);
    if (signal.aborted) throw new Error("stopped");
    // Before the port is locked, because libuv opens a terminal once more by its name.
    stream = terminal(path);
    const binding = await SerialPort.binding.open({ path, baudRate: baud, ...framing(format) });
    const link = new SerialLink(path, stream, binding);
    if (signal.aborted) link.close();
    return link;
  } catch (error) {
    stream?.destroy();
    const text = `cannot open ${path}: ${messageOf(error)}`;
    throw new GatewayError("link.refused", text, { cause: error });
  }
}

/** Not this process's terminal, and never waited for (open(2)). */
const FLAGS = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;

/**
 * The terminal `path`, open. libuv opens it once more by its name and leaves the descriptor that it
 * was given to the caller: kept, each would hold the port, and an adapter that was pulled out, for
 * good. A file that is no terminal is closed again as well: the bus will try for years.
 */
function terminal(path: string): ReadStream {
  const descriptor = openSync(path, FLAGS);
  let own = -1;
  try {
    const stream = new ReadStream(descriptor);
    own = descriptorOf(stream);
    return stream;
  } finally {
    if (own !== descriptor) closeSync(descriptor);
  }
}

/** The descriptor that `stream` reads and closes, which Node does not tell otherwise. */
function descriptorOf(stream: ReadStream): number {
  return (stream as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;
}

/** The numbers of the device files of pseudo terminals (Linux, `admin-guide/devices.txt`). */
const PTY_MAJORS = { from: 136, to: 143 } as const;

/** Whether a line may be behind the open terminal: there is none behind a pty. */
function hasLine(descriptor: number): boolean {
  const major = (fstatSync(descriptor).rdev >> 8) & 0xfff;
  return major < PTY_MAJORS.from || major > PTY_MAJORS.to;
}

const PARITY = { N: "none", E: "even", O: "odd" } as const;

function framing(format: SerialFormat) {
  const [dataBits, parity, stopBits] = format;
  return {
    dataBits: Number(dataBits) as 7 | 8,
    parity: PARITY[parity as keyof typeof PARITY],
    stopBits: Number(stopBits) as 1 | 2,
  };
}

/**
 * So many bytes may wait for a port that takes none, besides what the kernel holds: far more than
 * any request, and half a minute of a line at 4800 baud.
 */
const UNSENT_MAX = 16_384;

/**
 * A serial port. It ends where more than `UNSENT_MAX` bytes wait to be sent: whoever asks on and on
 * would else fill the memory.
 */
class SerialLink implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  readonly isPaced: boolean;
  readonly #path: string;
  readonly #stream: ReadStream;
  readonly #binding: Binding;
  readonly #lost: (why: string) => void;
  #isOpen = true;

  constructor(path: string, stream: ReadStream, binding: Binding) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#lost = resolve;
    this.#path = path;
    this.#binding = binding;
    this.isPaced = hasLine(descriptorOf(stream));
    this.#stream = stream;
    stream.on("data", (bytes: Uint8Array) => this.onData?.(bytes));
    stream.on("error", (error) => this.#end(error.message));
    stream.on("end", () => this.#end("the port is gone"));
    stream.on("close", () => this.#end("the port was closed"));
  }

  write(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    const unsent = this.#stream.writableLength + bytes.length;
    if (unsent > UNSENT_MAX) {
      this.#end(`the port takes nothing any more: ${unsent} bytes wait to be sent`);
      return;
    }
    this.#stream.write(bytes, (error) => {
      if (error) this.#end(messageOf(error));
    });
  }

  flush(): void {
    if (!this.#isOpen) return;
    void this.#binding.flush().catch((error) => this.#end(messageOf(error)));
  }

  async setReady(isReady: boolean): Promise<boolean> {
    if (!this.#isOpen) return false;
    return await this.#binding.set({ dtr: isReady, rts: isReady }).then(
      () => true,
      () => false,
    );
  }

  close(): void {
    this.#end("closed by the gateway");
  }

  #end(why: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#lost(why);
    this.#stream.destroy();
    // The port may be gone already: closing it then fails, which changes nothing.
    const closed = this.#binding
      .close()
      .catch(() => {})
      .finally(() => {
        if (closing.get(this.#path) === closed) closing.delete(this.#path);
      });
    closing.set(this.#path, closed);
  }
}
