import type { FieldTest, TalkPlace, TalkPoint } from "../../edge/core/talker.ts";
import { bad, type Judged } from "../decode.ts";
import type { PointReading } from "../driver.ts";
import type { Spoken } from "../heard.ts";
import { Lines } from "./lines.ts";
import { readText } from "./number.ts";
import type { Parser } from "./parser.ts";

type SentencePlace = Extract<TalkPlace, { readonly kind: "sentence" }>;
type SentencePoint = TalkPoint & { readonly place: SentencePlace };

/** Talker and type, fields, check sum (NMEA 0183). */
const SENTENCE = /^\$([A-Z0-9]{3,8})((?:,[^,*$]*)*)\*([0-9A-Fa-f]{2})$/;

/** The beginning of a sentence, however it goes on. */
const BEGINNING = /^\$([A-Z0-9]{3,8})(?:[,*]|$)/;

/** Sentences of NMEA 0183. One that does not pass its check sum gives no value. */
export class NmeaParser implements Parser {
  readonly #points: readonly SentencePoint[];
  readonly #lines = new Lines(null);
  #discarded = 0;

  constructor(points: readonly TalkPoint[]) {
    this.#points = points.filter((point): point is SentencePoint => {
      return point.place.kind === "sentence";
    });
  }

  get discarded(): number {
    return this.#discarded + this.#lines.discarded;
  }

  breakOff(): void {
    // Sign and check sum tell half a sentence from a whole one.
    this.#lines.begin();
  }

  loseTrack(): void {
    this.#lines.loseTrack();
  }

  take(bytes: Uint8Array): readonly Spoken[] {
    return this.#lines.take(bytes).map((line) => {
      // One character a byte, because the check sum is over bytes.
      const text = String.fromCharCode(...line).trim();
      // A sentence that broke off may stand before the one that ends here.
      const start = Math.max(0, text.lastIndexOf("$"));
      this.#discarded += start;
      return this.#read(text.slice(start));
    });
  }

  #read(text: string): Spoken {
    const [, begun = ""] = BEGINNING.exec(text) ?? [];
    const concerned = this.#points.filter(({ place }) => isMeant(place.sentence, begun));
    if (concerned.length === 0) return { kind: "misfit" };
    const [, , fieldText = "", written = ""] = SENTENCE.exec(text) ?? [];
    if (written === "" || Number.parseInt(written, 16) !== checksumOf(text)) {
      return { kind: "damaged", points: concerned.map(({ id }) => id) };
    }
    // The first is what stands before the first comma: nothing, so that fields count from 1.
    const fields = fieldText.split(",");
    const readings = concerned
      .filter(({ place }) => place.only === null || holds(place.only, fields))
      .map((point): PointReading => ({ point: point.id, ...judge(point, fields) }));
    return readings.length === 0 ? { kind: "misfit" } : { kind: "message", readings };
  }
}

function isMeant(wanted: string, sentence: string): boolean {
  if (wanted === sentence) return true;
  return wanted.length === 3 && sentence.length === 5 && sentence.endsWith(wanted);
}

/** Exclusive or of the characters between `$` and `*` (NMEA 0183). */
function checksumOf(text: string): number {
  let sum = 0;
  for (let i = 1; i < text.length - 3; i++) sum ^= text.charCodeAt(i);
  return sum;
}

function judge(point: SentencePoint, fields: readonly string[]): Judged {
  const { field, valid, text } = point.place;
  const written = fields[field];
  if (written === undefined) return bad("bad:malformed");
  if (valid !== null && !holds(valid, fields)) return bad("bad:not-a-number");
  // A field without content is how a talker says that it has no value (NMEA 0183).
  if (written.trim() === "") return bad("bad:not-a-number");
  return readText(written, text, point, "point");
}

function holds({ field, is }: FieldTest, fields: readonly string[]): boolean {
  return fields[field]?.trim() === is;
}
