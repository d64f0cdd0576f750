import { RE2JS } from "re2js";
import type { TalkPoint, TextProtocol } from "../../edge/core/talker.ts";
import type { PointReading } from "../driver.ts";
import type { Spoken } from "../heard.ts";
import { Lines } from "./lines.ts";
import { readText } from "./number.ts";
import type { Parser } from "./parser.ts";

const UTF8 = new TextDecoder("utf-8");

/** The text that stands for a point in a line; null where the line says nothing about it. */
type Pick = (point: TalkPoint) => string | null;

/**
 * Lines of text, taken apart by an expression or into columns. A line that does not fit as a whole
 * says nothing. `ask` is the request, whose echo some adapters hand back.
 */
export class TextParser implements Parser {
  readonly #protocol: TextProtocol;
  readonly #points: readonly TalkPoint[];
  readonly #lines: Lines;
  readonly #ask: string | null;
  readonly #pick: (line: string) => Pick | null;

  constructor(protocol: TextProtocol, points: readonly TalkPoint[], ask: Uint8Array | null) {
    this.#protocol = protocol;
    this.#points = points;
    this.#lines = new Lines(protocol.ending, ask !== null);
    this.#ask = ask === null ? null : UTF8.decode(ask).trim();
    this.#pick = pickerOf(protocol, points);
  }

  get discarded(): number {
    return this.#lines.discarded;
  }

  breakOff(): void {
    this.#lines.breakOff();
  }

  loseTrack(): void {
    this.#lines.loseTrack();
  }

  take(bytes: Uint8Array): readonly Spoken[] {
    return this.#lines.take(bytes).flatMap((line) => {
      const text = UTF8.decode(line).trim();
      return text === "" || text === this.#ask ? [] : [this.#read(text)];
    });
  }

  #read(line: string): Spoken {
    const pick = this.#pick(line);
    if (pick === null) return { kind: "misfit" };
    const readings = this.#points.flatMap((point): readonly PointReading[] => {
      const { place } = point;
      const text = pick(point);
      if (text === null || place.kind === "frame") return [];
      return [{ point: point.id, ...readText(text, place.text, point, this.#protocol.decimal) }];
    });
    return readings.length === 0 ? { kind: "misfit" } : { kind: "message", readings };
  }
}

function pickerOf(
  { layout }: TextProtocol,
  points: readonly TalkPoint[],
): (line: string) => Pick | null {
  if (layout.kind === "match") return matcherOf(layout.expression);
  const { separator } = layout;
  const last = points.reduce(
    (most, { place }) => Math.max(most, place.kind === "column" ? place.column : 0),
    0,
  );
  return (line) => {
    const cells = separator === " " ? line.split(/\s+/) : line.split(separator);
    const fits = layout.columns === null ? cells.length >= last : cells.length === layout.columns;
    if (!fits) return null;
    return ({ place }) => (place.kind === "column" ? (cells[place.column - 1] ?? null) : null);
  };
}

/**
 * RE2 and not the engine of JavaScript: its time grows with the line, never faster, so that no
 * expression can stop the gateway.
 */
function matcherOf(expression: string): (line: string) => Pick | null {
  const compiled = RE2JS.compile(expression);
  return (line) => {
    const matcher = compiled.matcher(line);
    if (!matcher.matches()) return null;
    return ({ place }) => (place.kind === "group" ? matcher.group(place.group) : null);
  };
}
