import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { Wire } from "./wire.ts";

/** A serial port whose other end is ours. */
export type Pty = {
  /** The device file to open; a link that stays the same over `unplug` and `plug`. */
  readonly path: string;
  /** The one listener for what the opener of `path` wrote. */
  onData: ((bytes: Uint8Array) => void) | null;
  /** Sends `bytes` to the opener of `path`, at once; dropped while unplugged. */
  write(bytes: Uint8Array): void;
  /**
   * What the opener of `path` set the port to: speed, and whether it asked for odd parity; a pty
   * forgets even parity.
   */
  settings(): { readonly baud: number; readonly isOdd: boolean };
  /** Pulls the plug: `path` is gone and whoever had it open is hung up. */
  unplug(): void;
  /** Puts the plug back: a new device under the same `path`. */
  plug(): void;
  /** Pulls the plug for ever and removes what was made. May be called more than once. */
  close(): void;
};

/** A pty: the end that we speak through, and its device file. */
type Ends = {
  readonly ours: ReadStream;
  /** Held open so that our end is not hung up while nobody else has the device open. */
  readonly heldFd: number;
  readonly device: string;
};

/** Bytes that wait for a reader who does not read; beyond these they are dropped. */
const MAX_UNREAD = 65_536;

/** Opens a pseudo terminal that carries all 256 bytes unchanged. Needs Linux, perl and stty. */
export function openPty(): Pty {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-pty-"));
  let ends: Ends | null = null;
  const pty: Pty = {
    path: join(dir, "port"),
    onData: null,
    write(bytes) {
      if (ends === null || ends.ours.writableLength > MAX_UNREAD) return;
      ends.ours.write(bytes);
    },
    settings() {
      const told = ends === null ? "" : onTerminal(ends.heldFd, "stty", ["-a"]);
      const baud = Number(/speed (\d+) baud/.exec(told)?.[1] ?? 0);
      return { baud, isOdd: /(^|\s)parodd/.test(told) };
    },
    unplug() {
      if (ends === null) return;
      rmSync(pty.path, { force: true });
      ends.ours.destroy();
      closeSync(ends.heldFd);
      ends = null;
    },
    plug() {
      if (ends !== null) return;
      ends = openEnds((bytes) => pty.onData?.(bytes));
      symlinkSync(ends.device, `${pty.path}.new`);
      renameSync(`${pty.path}.new`, pty.path);
    },
    close() {
      pty.unplug();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  pty.plug();
  return pty;
}

/** Two serial ports joined by a wire. */
export type PtyPair = {
  readonly paths: readonly [string, string];
  /** Removes both ends. */
  close(): void;
};

/** Opens two ptys; what is written to one arrives at the other at the pace of `baud`. */
export function openPtyPair({ baud }: { readonly baud: number }): PtyPair {
  const a = openPty();
  const b = openPty();
  const toA = new Wire(baud, (bytes) => a.write(bytes));
  const toB = new Wire(baud, (bytes) => b.write(bytes));
  a.onData = (bytes) => toB.put(bytes);
  b.onData = (bytes) => toA.put(bytes);
  return {
    paths: [a.path, b.path],
    close() {
      toA.clear();
      toB.clear();
      a.close();
      b.close();
    },
  };
}

/**
 * Opened through Node and not through a pty library, because Node opens with close-on-exec: a
 * child process that inherits our end would keep the line up after it was unplugged.
 */
function openEnds(onData: (bytes: Uint8Array) => void): Ends {
  const flags = constants.O_RDWR | constants.O_NOCTTY;
  const ourFd = openSync("/dev/ptmx", flags | constants.O_NONBLOCK);
  const index = /^tty-index:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${ourFd}`, "utf8"));
  if (index === null) throw new Error("the kernel does not tell the number of a new pty");
  const device = `/dev/pts/${index[1]}`;
  onTerminal(ourFd, "perl", ["-e", UNLOCK]);
  const heldFd = openSync(device, flags);
  onTerminal(heldFd, "stty", ["raw", "-echo"]);
  const ours = new ReadStream(ourFd);
  ours.on("data", onData);
  // The only error is the hang-up of a plug that is being pulled.
  ours.on("error", () => {});
  return { ours, heldFd, device };
}

/** Runs `command` with the terminal `fd` as its standard input: Node has no ioctl of its own. */
function onTerminal(fd: number, command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { stdio: [fd, "pipe", "inherit"], encoding: "utf8" });
  } catch (cause) {
    const text = `a pty needs perl and stty (Debian packages perl-base and coreutils): ${command} failed`;
    throw new Error(text, { cause });
  }
}

/** TIOCSPTLCK (pty(7), unlockpt(3)): lets the device file be opened. */
const UNLOCK = 'my $off = pack("i", 0); ioctl(STDIN, 0x40045431, $off) or die "unlock pty: $!\\n"';
