import type { Status } from "../control/status.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { Clock, UptimeMs } from "../core/time.ts";
import { type Site, viewOf } from "./view.ts";

/** The gateway is asked how it is no more often than this, however many phones ask, in milliseconds. */
const FRESH_MS = 1_000;

type Told = Omit<Status, "pid">;

/** What the page shows now, made at most once a second and kept for whoever asks meanwhile. */
export class Snapshot {
  readonly #clock: Clock;
  readonly #site: Site;
  readonly #ask: () => Told;
  #taken: { readonly at: UptimeMs; readonly status: Told } | null = null;
  readonly #texts = new Map<Lang, string>();

  constructor(clock: Clock, site: Site, ask: () => Told) {
    this.#clock = clock;
    this.#site = site;
    this.#ask = ask;
  }

  /** The status of at most a second ago. */
  status(): Told {
    const now = this.#clock.uptime();
    if (this.#taken !== null && now - this.#taken.at < FRESH_MS) return this.#taken.status;
    const status = this.#ask();
    this.#taken = { at: now, status };
    this.#texts.clear();
    return status;
  }

  /** The view of it in `lang`, as JSON. */
  text(lang: Lang): string {
    const status = this.status();
    const known = this.#texts.get(lang);
    if (known !== undefined) return known;
    const text = toJson(viewOf(status, this.#site, lang));
    this.#texts.set(lang, text);
    return text;
  }

  /** What was taken is over: somebody has just changed it. */
  forget(): void {
    this.#taken = null;
  }
}
