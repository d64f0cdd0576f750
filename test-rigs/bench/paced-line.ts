import { startChild } from "../processes/child.ts";

/** Start bit, 8 data bits, parity, stop bit. */
const BITS_PER_CHARACTER = 11;

/** Shorter by this than the legal silence is still legal: the plant's clock, in milliseconds. */
const EXACT_MS = 0.005;

/** A request as it came to the plant, and the silence before it. */
export type Heard = { readonly unit: number; readonly atMs: number; readonly silenceMs: number };

/** A line at real pace on a pty, in a process of its own. */
export type PacedLine = {
  /** The device file for the client. */
  readonly path: string;
  /** The requests so far, the last 2000; all of them once it has ended. */
  heard(): readonly Heard[];
  end(): Promise<void>;
};

/** Starts the compiled `paced-line` with units 1 to 247, of which those up to `dead` are silent. */
export async function startLine(program: string, baud: number, dead = 0): Promise<PacedLine> {
  const child = startChild(program, [baud, dead].map(String));
  const path = await child.waitFor(/^\/dev\//, 10_000);
  return {
    path,
    heard: () =>
      child.lines.flatMap((line) => {
        const [unit = 0, atUs = 0, silenceUs = 0] = line.split(" ").map(Number);
        return line.startsWith("/")
          ? []
          : [{ unit, atMs: atUs / 1000, silenceMs: silenceUs / 1000 }];
      }),
    end: () => child.end("SIGKILL"),
  };
}

/** The silence before a frame, in milliseconds (Modbus over serial line V1.02, 2.5.1.1). */
function legalSilenceMs(baud: number): number {
  return baud > 19_200 ? 1.75 : (3.5 * BITS_PER_CHARACTER * 1000) / baud;
}

/** How long a read takes at least, both silences counted, in milliseconds. */
export function legalMs(baud: number, registers: number): number {
  const characters = 8 + 5 + 2 * registers;
  return (characters * BITS_PER_CHARACTER * 1000) / baud + 2 * legalSilenceMs(baud);
}

/** How many of `heard` came before the line was silent for long enough. */
export function tooEarly(heard: readonly Heard[], baud: number): number {
  return heard.filter(({ silenceMs }) => silenceMs < legalSilenceMs(baud) - EXACT_MS).length;
}
