import { pad } from "../../edge/cli/columns.ts";
import { isActive } from "../../edge/core/alarm.ts";
import type { Lang } from "../../edge/core/errors.ts";
import { inColour, type Paint, plain } from "../../edge/watch/style.ts";
import { say, type TextKey } from "./text.ts";
import { type Check, type DemoVerdict, total } from "./verdict.ts";
import { HEIGHT, type Scene, uplinkState, view } from "./view.ts";

/** Where the story is shown. */
export type Output = {
  /** The block is being built, which takes some seconds. */
  begin(): void;
  /** A new act begins. */
  stage(scene: Scene): void;
  /** How things stand; called several times a second. */
  scene(scene: Scene): void;
  verdict(verdict: DemoVerdict): void;
  /** Leaves the terminal as it was found. May be called more than once. */
  close(): void;
};

type Write = (text: string) => void;

/** ECMA-48 and xterm control sequences: alternate screen, no wrap, no cursor; and all undone. */
const ENTER = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[2J";
const LEAVE = "\x1b[?25h\x1b[?7h\x1b[?1049l";
/** A picture is shown when it is whole, where the terminal can (private mode 2026). */
const BEGIN = "\x1b[?2026h\x1b[H";
const END = "\x1b[J\x1b[?2026l";

/** A live picture on a terminal of `rows` rows. */
export function liveOutput(write: Write, rows: () => number, lang: Lang, colour: boolean): Output {
  const paint = colour ? inColour : plain;
  let isOpen = false;
  const show = (scene: Scene) => {
    if (!isOpen) write(ENTER);
    isOpen = true;
    const lines = view(scene, lang, paint).slice(0, Math.min(rows(), HEIGHT));
    write(BEGIN + lines.map((line) => `${line}\x1b[K`).join("\r\n") + END);
  };
  const close = () => {
    if (isOpen) write(LEAVE);
    isOpen = false;
  };
  return {
    begin: () => write(`${say(lang, "begins")}\n`),
    stage: show,
    scene: show,
    verdict(verdict) {
      close();
      write(verdictLines(verdict, lang, paint).join("\n").concat("\n"));
    },
    close,
  };
}

/** Plain lines: one an act, and one every `everyS` seconds. */
export function plainOutput(write: Write, everyS: number, lang: Lang): Output {
  const isDue = every(everyS);
  const stamp = ({ elapsedS }: Scene) => `${pad(String(Math.floor(elapsedS)), 4, "right")} s  `;
  return {
    begin: () => write(`${say(lang, "begins")}\n`),
    stage: (scene) => write(`${stamp(scene)}${say(lang, scene.stage)}\n`),
    scene(scene) {
      if (isDue(scene)) write(`${stamp(scene)}  ${statusLine(scene, lang)}\n`);
    },
    verdict: (verdict) => write(`${verdictLines(verdict, lang, plain).join("\n")}\n`),
    close() {},
  };
}

/**
 * One JSON object a line: `begin`, `step`, `status`, and at last `verdict`. A key means the same
 * in a status as in the verdict.
 */
export function jsonOutput(write: Write, everyS: number, lang: Lang): Output {
  const isDue = every(everyS);
  const put = (content: object) => write(`${JSON.stringify(content)}\n`);
  return {
    begin: () => put({ kind: "begin", text: say(lang, "begins") }),
    stage: ({ stage, elapsedS }) =>
      put({ kind: "step", step: stage, elapsedS: rounded(elapsedS), text: say(lang, stage) }),
    scene(scene) {
      if (isDue(scene)) put({ kind: "status", ...figures(scene) });
    },
    verdict: ({ ok, checks }) =>
      put({
        kind: "verdict",
        ok,
        ...Object.fromEntries(checks.map(({ name, value }) => [name, value])),
      }),
    close() {},
  };
}

function every(everyS: number): (scene: Scene) => boolean {
  let dueS = everyS;
  return ({ elapsedS }) => {
    if (elapsedS < dueS) return false;
    dueS += everyS;
    return true;
  };
}

/** The few figures that tell the story. */
function figures(scene: Scene) {
  const { status, report, elapsedS } = scene;
  const numberAt = (id: string) => {
    const value = status?.points.find(({ point }) => point === id)?.value;
    return typeof value === "number" ? rounded(value) : null;
  };
  const { readings = 0, events = 0 } = status?.destinations[0]?.owed ?? {};
  return {
    elapsedS: rounded(elapsedS),
    near: numberAt("gas-1.methane"),
    far: numberAt("gas-2.methane"),
    alarms: (status?.alarms ?? []).filter(({ state }) => isActive(state)).map((one) => one.alarm),
    uplink: uplinkState(scene),
    /** Messages that the gateway stored and the centre has not acknowledged. */
    owed: readings + events,
    messages: total(report, ({ distinct }) => distinct),
    gaps: total(report, ({ gaps }) => gaps),
  };
}

function statusLine(scene: Scene, lang: Lang): string {
  const { near, far, alarms, uplink, ...rest } = figures(scene);
  return say(lang, "statusLine", {
    ...rest,
    near: near ?? "?",
    far: far ?? "?",
    uplink: say(lang, uplink),
    alarms:
      alarms.length === 0
        ? say(lang, "noAlarm")
        : say(lang, "activeAlarms", { names: alarms.join(", ") }),
  });
}

function verdictLines({ ok, checks }: DemoVerdict, lang: Lang, paint: Paint): readonly string[] {
  return [
    "",
    paint("bold", say(lang, "verdict")),
    ...checks.map((check) => checkLine(check, lang, paint)),
    "",
    paint(ok ? "green" : "red", say(lang, ok ? "holds" : "fails")),
  ];
}

function checkLine({ name, value, holds }: Check, lang: Lang, paint: Paint): string {
  const shown = name === "farewell" ? say(lang, value as TextKey) : String(value);
  const mark = paint(holds ? "green" : "red", holds ? "✓" : "✗");
  return `  ${mark} ${pad(say(lang, name), 42)} ${pad(shown, 8, "right")}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
