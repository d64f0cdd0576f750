import { limitText } from "../../edge/cli/alarm-limit.ts";
import { pad } from "../../edge/cli/columns.ts";
import { formatBytes } from "../../edge/cli/format.ts";
import type { PointStatus, Status } from "../../edge/control/status.ts";
import { isActive } from "../../edge/core/alarm.ts";
import type { Lang } from "../../edge/core/errors.ts";
import type { DestinationState } from "../../edge/forward/destination.ts";
import { bar, type Paint, type Style, shortAge, sparkline } from "../../edge/watch/style.ts";
import type { GatewayReport, StreamReport } from "../receiver/audit.ts";
import type { Block, BlockPoint } from "./block.ts";
import type { StageName } from "./story.ts";
import { say, type TextKey } from "./text.ts";

/** All that one picture shows. */
export type Scene = {
  readonly block: Block;
  readonly stage: StageName | "stopping";
  readonly elapsedS: number;
  readonly seconds: number;
  /** What the gateway last said of itself, null before it did. */
  readonly status: Status | null;
  /** What the centre has, null before anything came. */
  readonly report: GatewayReport | null;
  /** Wall time of the picture, in Unix milliseconds. */
  readonly now: number;
  /** The course of each point by its id, oldest first; null where the value was not known. */
  readonly trends: ReadonlyMap<string, readonly (number | null)[]>;
};

/** Size of the picture in terminal cells: 80 by 24 with the last column left free. */
export const WIDTH = 79;
export const HEIGHT = 24;

/** Cells of a trend. */
export const TREND_WIDTH = 11;

const ALARM_ROWS = 3;

/** The scene as `HEIGHT` lines of at most `WIDTH` cells. */
export function view(scene: Scene, lang: Lang, paint: Paint): readonly string[] {
  const lines = [
    ...head(scene, lang, paint),
    "",
    ...table(scene, lang, paint),
    "",
    ...alarms(scene, lang, paint),
    "",
    gatewayLine(scene, lang, paint),
    uplinkLine(scene, lang, paint),
    centreLine(scene, lang, paint),
  ];
  const filling = Array.from({ length: HEIGHT - 1 - lines.length }, () => "");
  return [...lines, ...filling, paint("dim", ` ${say(lang, "hint")}`)];
}

function head({ stage, elapsedS, seconds }: Scene, lang: Lang, paint: Paint): readonly string[] {
  const name = " LIFELINE EDGE";
  const clock = `${Math.min(Math.floor(elapsedS), seconds)} / ${seconds} s `;
  const room = WIDTH - name.length - clock.length;
  const [done, left] = bar(elapsedS / seconds, WIDTH - 2);
  return [
    paint("title", name) + pad(`  ${say(lang, "title")}`, room) + paint("dim", clock),
    ` ${paint("bold", say(lang, stage))}`,
    ` ${paint(stage === "outage" ? "red" : "green", done)}${paint("dim", left)}`,
  ];
}

/** Widths of the table's columns up to the age at the edge. */
const COLUMNS = [11, 15, 7, 6, 9, 5] as const;
/** Width of the age at the centre, which comes next; the trend is the last. */
const CENTRE_WIDTH = 6;
/** What the centre has is old when it is this much older than what the gateway has. */
const BEHIND_MS = 4_000;

function row(cells: readonly string[]): string {
  const padded = COLUMNS.map((width, i) =>
    pad(cells[i] ?? "", width, i === 2 || i >= 5 ? "right" : "left"),
  );
  return ` ${padded.join(" ")}`;
}

function table(scene: Scene, lang: Lang, paint: Paint): readonly string[] {
  const titles = ["place", "point", "value", "unit", "quality", "edge"] as const;
  const centre = pad(say(lang, "centre"), CENTRE_WIDTH, "right");
  const headings = `${row(titles.map((key) => say(lang, key)))} ${centre}`;
  const rows = scene.block.points.map((point, i) => {
    const isFirst = point.place !== scene.block.points[i - 1]?.place;
    return pointRow(scene, point, isFirst, lang, paint);
  });
  return [paint("dim", `${headings}  ${say(lang, "trend")}`), ...rows];
}

function pointRow(
  scene: Scene,
  point: BlockPoint,
  isFirst: boolean,
  lang: Lang,
  paint: Paint,
): string {
  const id = `${point.device}.${point.point}`;
  const known = scene.status?.points.find((one) => one.point === id);
  const received = scene.report?.points.find((one) => one.point === id);
  const left = row([
    isFirst ? point.place[lang] : "",
    id,
    shownValue(point, known?.value ?? null, lang),
    point.unit ?? "",
    shownQuality(known, lang),
    known?.at == null ? "-" : shortAge(scene.now - known.at),
  ]);
  const behindMs = received === undefined ? 0 : (known?.at ?? 0) - received.at;
  const age = received === undefined ? "-" : shortAge(scene.now - received.at);
  const right = paint(behindMs > BEHIND_MS ? "orange" : null, pad(age, CENTRE_WIDTH, "right"));
  const style = known?.quality.startsWith("bad") ? "bad" : alarmStyle(scene.status, id);
  const trend = sparkline(scene.trends.get(id) ?? [], TREND_WIDTH, point.range);
  return `${paint(style, left)} ${right}  ${paint(style ?? "green", trend)}`;
}

/** The style of the gravest active alarm on a point. */
function alarmStyle(status: Status | null, id: string): Style | null {
  const active = status?.alarms.filter(({ point, state }) => point === id && isActive(state)) ?? [];
  const order = ["red", "orange", "yellow", "blue"] as const;
  return order.find((severity) => active.some((one) => one.severity === severity)) ?? null;
}

function shownValue(point: BlockPoint, value: PointStatus["value"], lang: Lang): string {
  if (value === null) return "?";
  if (typeof value === "boolean") return say(lang, value ? "on" : "off");
  return Number(value).toFixed(point.digits);
}

function shownQuality(known: PointStatus | undefined, lang: Lang): string {
  const [grade = "", reason = ""] = known?.quality.split(":", 2) ?? [];
  if (grade === "good" || grade === "uncertain") return say(lang, grade);
  return grade === "bad" && reason !== "not-yet-read" ? reason : "-";
}

function alarms({ status, now }: Scene, lang: Lang, paint: Paint): readonly string[] {
  const cells = (status?.alarms ?? []).map(({ alarm, severity, state, limit, setpoint, since }) => {
    const active = isActive(state);
    const style: Style | null = active ? severity : state === "normal" ? "dim" : null;
    const age = state === "normal" || since === null ? "" : shortAge(now - since);
    const sign = limitText({ limit, setpoint }, lang);
    const text =
      `${pad(alarm, 11)}${pad(sign, 6)}` + `${pad(say(lang, state), 13)}${pad(age, 5, "right")}`;
    return paint(style, `${active ? "●" : state === "normal" ? "·" : "○"} ${text}`);
  });
  return Array.from({ length: ALARM_ROWS }, (_, i) => {
    const pair = cells.slice(2 * i, 2 * i + 2);
    return pair.length === 0 ? "" : ` ${pair.join("   ")}`;
  });
}

function line(lang: Lang, paint: Paint, label: TextKey, text: string): string {
  return ` ${paint("dim", pad(say(lang, label), 9))} ${text}`;
}

function gatewayLine({ status }: Scene, lang: Lang, paint: Paint): string {
  if (status === null) return line(lang, paint, "gateway", say(lang, "starting"));
  const { heads, bytes } = status.buffer;
  const figures = { messages: heads.readings, events: heads.events, size: formatBytes(bytes) };
  return line(lang, paint, "gateway", say(lang, "stored", figures));
}

/** How the line to the centre is. A gateway that said farewell has closed it. */
export function uplinkState({ stage, status, report }: Scene): DestinationState | "closed" {
  if (stage === "stopping" && report?.state === "offline") return "closed";
  return status?.destinations[0]?.state ?? "disconnected";
}

function uplinkLine(scene: Scene, lang: Lang, paint: Paint): string {
  const destination = scene.status?.destinations[0];
  if (destination === undefined) return line(lang, paint, "uplink", "-");
  const { owed } = destination;
  const state = uplinkState(scene);
  const style = { connected: "green", disconnected: "red", closed: "dim" } as const;
  const shownState = paint(style[state], say(lang, state));
  const gauge = "▇".repeat(Math.min(30, Math.ceil((owed.readings + owed.events) / 2)));
  const text = `${shownState}  ${say(lang, "owed", owed)} ${paint("orange", gauge)}`;
  return line(lang, paint, "uplink", text);
}

function centreLine({ report }: Scene, lang: Lang, paint: Paint): string {
  const stream = report?.readings.at(-1);
  if (report === null || stream === undefined) {
    return line(lang, paint, "centre", say(lang, "nothing"));
  }
  return line(lang, paint, "centre", say(lang, "has", centreFigures(report, stream)));
}

function centreFigures(report: GatewayReport, stream: StreamReport) {
  const { distinct: messages, highest: seq, gaps, duplicates } = stream;
  return { messages, seq, gaps, duplicates, backlog: report.backlog };
}
