import type { Lang } from "../core/errors.ts";
import { messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { Clock, UptimeMs } from "../core/time.ts";

/** The doctor is asked no more often than this, in milliseconds. */
const FRESH_MS = 30_000;

/** Examines the gateway without asking anything on its lines: what `doctor --quick --json` prints. */
export type Examine = (lang: Lang) => Promise<string>;

/** What the doctor found lately: asked only when somebody looks, one at a time. */
export class Examination {
  readonly #clock: Clock;
  readonly #examine: Examine;
  readonly #found = new Map<Lang, { readonly at: UptimeMs; readonly text: Promise<string> }>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, examine: Examine) {
    this.#clock = clock;
    this.#examine = examine;
  }

  /** As JSON: the doctor's answer of at most half a minute ago, or `failed`: why there is none. */
  text(lang: Lang): Promise<string> {
    const now = this.#clock.uptime();
    const known = this.#found.get(lang);
    if (known !== undefined && now - known.at < FRESH_MS) return known.text;
    // Two languages are two examinations: the second waits for the first.
    const text = this.#last.then(() => this.#ask(lang));
    this.#last = text;
    this.#found.set(lang, { at: now, text });
    return text;
  }

  async #ask(lang: Lang): Promise<string> {
    try {
      const text = await this.#examine(lang);
      JSON.parse(text);
      return text;
    } catch (error) {
      return toJson({ failed: messageOf(error) });
    }
  }
}
