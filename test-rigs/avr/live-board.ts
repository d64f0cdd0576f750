import { openPty, type Pty } from "../plant/pty.ts";
import { Board, type BoardOptions } from "./board.ts";

/** How often the board is let go on, in milliseconds. */
const SLICE_MS = 2;
/** Where the machine is busier than this behind, the board's time stands still meanwhile. */
const BEHIND_MAX_MS = 40;

/** A board on a serial port, whose time follows the machine's as well as it can. */
export type LiveBoard = {
  readonly board: Board;
  readonly pty: Pty;
  /** The device file to open. */
  readonly path: string;
  /** Called with what is about to reach the board. */
  onReceived: ((bytes: Uint8Array) => void) | null;
  close(): void;
};

/** Puts `flash` into a board, gives it power, and lets it run behind a pty. */
export function openBoard(flash: Uint8Array, options: BoardOptions, at = 0): LiveBoard {
  const board = new Board(options);
  board.outside.flash.set(flash, at);
  board.powerUp();
  const pty = openPty();
  const live: LiveBoard = { board, pty, path: pty.path, onReceived: null, close };
  pty.onData = (bytes) => {
    live.onReceived?.(bytes);
    board.receive(bytes);
  };
  let sent: number[] = [];
  board.onCharacter = (value) => sent.push(value);
  let then = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    board.run(Math.min(now - then, BEHIND_MAX_MS));
    then = now;
    if (sent.length > 0) pty.write(Uint8Array.from(sent));
    sent = [];
  }, SLICE_MS);
  function close(): void {
    clearInterval(timer);
    pty.close();
  }
  return live;
}
