import type { Turn } from "../gateway-event.ts";
import type { World } from "../world.ts";
import type { Bundled } from "./bundle.ts";
import type { Formed } from "./form.ts";

export type MisfitsParts = {
  readonly destination: { readonly name: string };
  readonly world: Pick<World, "log">;
  /** Stores and tells an event. */
  readonly tell: (turn: Turn) => void;
};

/** What of a message is looked at. */
type Content = {
  readonly stream: string;
  readonly seq: number;
  readonly kind?: string;
  readonly cause?: string;
};

/** So often a template is tried with one message: a machine that is busy may make it fail. */
const TRIES_MAX = 5;

/**
 * Messages at which a destination's template fails. One must not hold up what comes behind it for
 * ever: it is set aside, which an event tells, and stays in the buffer under its stream and seq.
 */
export class Misfits {
  readonly #parts: MisfitsParts;
  /** How often the template failed at each, by its key; no more than are under way at once. */
  readonly #tries = new Map<string, number>();

  constructor(parts: MisfitsParts) {
    this.#parts = parts;
  }

  /** The template fails at `bundled`; whether that is set aside. */
  failed({ key, json }: Bundled, { why, isNews }: Extract<Formed, { kind: "fault" }>): boolean {
    const { destination, world, tell } = this.#parts;
    const { name } = destination;
    if (isNews) world.log("error", `destination ${name}: its template fails: ${why}`, { key });
    const tries = (this.#tries.get(key ?? "") ?? 0) + 1;
    this.#tries.set(key ?? "", tries);
    if (tries < TRIES_MAX) return false;
    this.#tries.delete(key ?? "");
    const { stream, seq, ...content } = JSON.parse(json) as Content;
    world.log("error", `destination ${name}: message ${seq} of ${stream} is set aside: ${why}`, {
      key,
    });
    // An event that tells so would tell the same of itself without end.
    if (content.kind === "destination" && content.cause === "uplink.template") return true;
    const detail = { stream, fromSeq: seq, toSeq: seq, why };
    const turn = { kind: "destination", subject: name, from: "owed", to: "set-aside" } as const;
    tell({ ...turn, cause: "uplink.template", detail });
    return true;
  }

  /** The template has made something of it after all. */
  fits({ key }: Bundled): void {
    this.#tries.delete(key ?? "");
  }
}
