import process from "node:process";

/** ECMA-48 and xterm control sequences: alternate screen, no wrap, no cursor; and all undone. */
const ENTER = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[2J";
const LEAVE = "\x1b[0m\x1b[?25h\x1b[?7h\x1b[?1049l";
const CLEAR = "\x1b[0m\x1b[2J";

/** What ends a view: the key of an interrupt is read as a key, a signal comes from elsewhere. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** A process that cannot be stopped, as one without a shell, goes on after so long, in ms. */
const NOT_STOPPED_MS = 200;

/** The size of a terminal that does not tell its own, in cells. */
const USUAL = { width: 80, height: 24 } as const;

/** What a terminal tells. What these throw ends the view and is its `failure`. */
export type TerminalListener = {
  /** Keys were pressed: what the terminal sent for them. */
  readonly onText: (text: string) => void;
  /** Its size is another, or it shows nothing of what was written: all is to be drawn anew. */
  readonly onChanged: () => void;
  /** The view is to end: a signal came, or nobody sits there any more. */
  readonly onEnd: () => void;
};

/** A terminal that shows a picture and tells each key at once. */
export type Terminal = {
  readonly hasColours: boolean;
  /** What a listener threw, or null. */
  readonly failure: unknown;
  /** In cells. */
  size(): { readonly width: number; readonly height: number };
  /** Whether the picture is shown: not while the process is suspended. */
  isOpen(): boolean;
  clear(): void;
  write(text: string): void;
  /** Gives the terminal back to the shell until the process is continued. */
  suspend(): void;
  /** Leaves the terminal as it was found. May be called more than once. */
  close(): void;
};

/** Whether somebody sits at a terminal that can show a picture. */
export function isTerminal(): boolean {
  return process.stdout.isTTY && process.stdin.isTTY && process.env.TERM !== "dumb";
}

/**
 * Takes the terminal over. It is given back by `close`, and whatever else ends the process but a
 * SIGKILL.
 */
export function openTerminal(listener: TerminalListener): Terminal {
  return new OpenTerminal(listener);
}

class OpenTerminal implements Terminal {
  readonly hasColours = process.stdout.hasColors();
  failure: unknown = null;
  #isOpen = false;
  readonly #listener: TerminalListener;
  readonly #onData = (text: string) => this.#tell(() => this.#listener.onText(text));
  readonly #onResize = () => this.#tell(() => this.#listener.onChanged());
  readonly #onEnd = () => this.#listener.onEnd();
  readonly #leave = () => this.#give();
  readonly #onStop = () => this.#stop();
  readonly #onContinue = () => this.#resume();

  constructor(listener: TerminalListener) {
    this.#listener = listener;
    const { stdin, stdout } = process;
    process.on("exit", this.#leave);
    for (const signal of ENDING) process.on(signal, this.#onEnd);
    process.on("SIGTSTP", this.#onStop);
    process.on("SIGCONT", this.#onContinue);
    stdin.setEncoding("utf8").on("data", this.#onData).on("end", this.#onEnd);
    // Such as EIO: the terminal was closed.
    stdin.on("error", this.#onEnd);
    stdout.on("resize", this.#onResize);
    this.#take();
  }

  size() {
    const { columns, rows } = process.stdout;
    return { width: columns || USUAL.width, height: rows || USUAL.height };
  }

  isOpen(): boolean {
    return this.#isOpen;
  }

  clear(): void {
    this.write(CLEAR);
  }

  write(text: string): void {
    if (this.#isOpen && text !== "") process.stdout.write(text);
  }

  suspend(): void {
    // As the terminal does it: whoever started this one, such as npm, is to stop too.
    process.kill(0, "SIGTSTP");
  }

  close(): void {
    const { stdin, stdout } = process;
    this.#give();
    process.off("exit", this.#leave);
    for (const signal of ENDING) process.off(signal, this.#onEnd);
    process.off("SIGTSTP", this.#onStop);
    process.off("SIGCONT", this.#onContinue);
    stdin.off("data", this.#onData).off("end", this.#onEnd).off("error", this.#onEnd);
    stdin.pause();
    stdout.off("resize", this.#onResize);
  }

  #take(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    process.stdin.setRawMode(true).resume();
    process.stdout.write(ENTER);
  }

  #give(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.stdin.setRawMode(false);
    process.stdout.write(LEAVE);
  }

  /** Stops as if nobody had asked to be told of it, which a process without a shell does not. */
  #stop(): void {
    this.#give();
    process.off("SIGTSTP", this.#onStop);
    process.kill(process.pid, "SIGTSTP");
    setTimeout(() => this.#resume(), NOT_STOPPED_MS).unref();
  }

  #resume(): void {
    process.off("SIGTSTP", this.#onStop).on("SIGTSTP", this.#onStop);
    this.#take();
    this.#onResize();
  }

  #tell(what: () => void): void {
    try {
      what();
    } catch (error) {
      this.failure ??= error;
      this.#listener.onEnd();
    }
  }
}
