import {
  type BoardAnswer,
  type BoardFault,
  type BoardLink,
  type BoardNews,
  type LineInput,
  type LineSettings,
  ORDER_MS,
} from "../../core/board.ts";
import { messageOf } from "../../core/errors.ts";
import { uptimeNow } from "../uptime.ts";
import { faultOf, HeldLine } from "./held-line.ts";
import type { LineInfo } from "./line-info.ts";
import { type LineMode, Tools } from "./tools.ts";

/** A chip that is gone is found out by what its tools say. */
const GONE = /no such (file|device)|not installed/i;

/** What is read in one go: lines of one mode and period. */
type Round = LineMode & {
  readonly everyMs: number;
  readonly lines: readonly { readonly source: string; readonly offset: number }[];
};

/**
 * Reads and drives lines of a GPIO chip of this machine. Rejects with `link.refused`, saying what to
 * do, where the chip or the tools are not there or may not be used.
 */
export async function openLines(
  settings: LineSettings,
  signal: AbortSignal,
  env?: NodeJS.ProcessEnv,
): Promise<BoardLink> {
  const tools = await Tools.find(settings.chip, env);
  const infos = await tools.info();
  signal.throwIfAborted();
  return new Lines(tools, infos, settings);
}

class Lines implements BoardLink {
  readonly firmware: string;
  onNews: ((news: BoardNews) => void) | null = null;
  readonly closed: Promise<string>;
  readonly #tools: Tools;
  readonly #outputs = new Map<string, HeldLine>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #tellClosed: (why: string) => void;
  #isOpen = true;

  constructor(tools: Tools, infos: readonly LineInfo[], { tasks }: LineSettings) {
    this.#tools = tools;
    this.firmware = `libgpiod ${tools.version.text}`;
    ({ promise: this.closed, resolve: this.#tellClosed } = Promise.withResolvers<string>());
    const found = tasks.map((task) => ({ ...task, offset: offsetOf(task.input, infos) }));
    for (const { source, everyMs, input, offset } of found) {
      if (offset === null) this.#every(everyMs, async () => this.#fault(source, "no-such-pin"));
      else if (input.kind === "line-output") {
        const { activeLow } = input;
        const line = new HeldLine(tools, { offset, activeLow }, (text) => this.#onTrouble(text));
        this.#outputs.set(source, line);
        this.#every(everyMs, async () => this.#tell(source, await line.glance()));
      }
    }
    for (const round of roundsOf(found)) this.#every(round.everyMs, () => this.#read(round));
  }

  async drive(source: string, level: number, withinMs = ORDER_MS): Promise<BoardAnswer> {
    const by = performance.now() + Math.min(withinMs, ORDER_MS);
    const line = this.#outputs.get(source);
    if (!this.#isOpen) return { kind: "none", fault: "lost" };
    return (await line?.drive(level, by)) ?? { kind: "none", fault: "no-such-pin" };
  }

  async look(source: string): Promise<BoardAnswer> {
    if (!this.#isOpen) return { kind: "none", fault: "lost" };
    return (await this.#outputs.get(source)?.look()) ?? { kind: "none", fault: "no-such-pin" };
  }

  close(): void {
    this.#end("closed by the gateway");
  }

  #end(why: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const timer of this.#timers) clearInterval(timer);
    for (const line of this.#outputs.values()) line.close();
    this.#tellClosed(why);
  }

  /** Does it now and again; one that takes longer than its period is not begun a second time. */
  #every(everyMs: number, act: () => Promise<void>): void {
    let isUnderWay = false;
    const turn = async () => {
      if (isUnderWay) return;
      isUnderWay = true;
      await act();
      isUnderWay = false;
    };
    setImmediate(() => void turn());
    this.#timers.push(setInterval(() => void turn(), everyMs));
  }

  async #read({ lines, ...mode }: Round): Promise<void> {
    try {
      const offsets = lines.map(({ offset }) => offset);
      const levels = await this.#tools.get(offsets, mode);
      lines.forEach(({ source }, at) => {
        this.#tell(source, { kind: "level", level: levels[at] as number });
      });
    } catch (error) {
      const text = messageOf(error);
      for (const { source } of lines) this.#fault(source, faultOf(text));
      this.#onTrouble(text);
    }
  }

  #onTrouble(text: string): void {
    if (GONE.test(text)) this.#end(text);
  }

  #tell(source: string, answer: BoardAnswer): void {
    if (answer.kind === "none") {
      if (answer.fault !== "lost") this.#fault(source, answer.fault);
    } else if (this.#isOpen) {
      this.onNews?.({ kind: "value", source, value: answer.level, uptime: uptimeNow() });
    }
  }

  #fault(source: string, fault: BoardFault): void {
    if (this.#isOpen) this.onNews?.({ kind: "fault", source, fault, uptime: uptimeNow() });
  }
}

/** Where a line stands, by its name or its number; null where the chip has none such. */
function offsetOf({ line }: LineInput, infos: readonly LineInfo[]): number | null {
  const found = infos.find(({ offset, name }) =>
    typeof line === "number" ? offset === line : name === line,
  );
  return found?.offset ?? null;
}

type Found = LineSettings["tasks"][number] & { readonly offset: number | null };

function roundsOf(found: readonly Found[]): readonly Round[] {
  const lines = found.flatMap(({ source, everyMs, input, offset }) => {
    if (offset === null || input.kind !== "line") return [];
    const { activeLow, bias } = input;
    return [{ source, offset, everyMs, activeLow, bias }];
  });
  const alike = Map.groupBy(lines, (each) => `${each.everyMs} ${each.activeLow} ${each.bias}`);
  return [...alike.values()].map((own) => {
    const [{ everyMs, activeLow, bias }] = own as [(typeof lines)[number]];
    return { everyMs, activeLow, bias, lines: own };
  });
}
