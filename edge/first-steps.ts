import type { Status } from "./control/status.ts";
import { messageOf } from "./core/errors.ts";
import { type FirstBoot, type FirstBootNotes, type Stage, stageOf } from "./core/first-boot.ts";
import type { Turn } from "./gateway-event.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import type { World } from "./world.ts";

/** How often is looked how far the gateway is, in milliseconds: a person waits at the box. */
const LOOK_MS = 2_000;

type Parts = {
  readonly world: Pick<World, "clock" | "log">;
  readonly gateway: string;
  readonly notes: FirstBootNotes;
  readonly status: () => Pick<Status, "points" | "enrolment">;
  readonly tell: (turn: Turn) => void;
};

/**
 * Tells the centre, once, what the gateway's card brought, and what of it was refused; then shows at
 * the box how far the gateway is. Nothing waits for it, and what cannot be noted is told in the log.
 */
export class FirstSteps {
  readonly #parts: Parts;
  readonly #signal: AbortSignal;

  constructor(parts: Parts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Until the signal aborts; rejects with its reason. */
  async run(): Promise<void> {
    const { world, notes, status } = this.#parts;
    const untold = notes.untold();
    if (untold !== null) {
      this.#tell(untold);
      await this.#noted(notes.told());
    }
    let shown: Stage | null = null;
    for (;;) {
      const { points, enrolment = null } = status();
      const stage = stageOf(
        enrolment,
        points.some(({ quality }) => quality === "good"),
      );
      // A value that comes and goes is no news for a light.
      if (stage !== shown && !(shown === "measuring" && stage === "enrolled")) {
        shown = stage;
        await this.#noted(notes.show(stage));
      }
      await world.clock.sleep(LOOK_MS, this.#signal);
    }
  }

  #tell({ outcome, gateway, taken, refused, noted }: FirstBoot): void {
    const { tell, gateway: subject } = this.#parts;
    const why = refused.map(({ file, code }) => `${file}: ${code}`).join(", ");
    const notes = noted.map(({ code, about }) => (about === "" ? code : `${code}: ${about}`));
    tell({
      ...({ kind: "gateway", subject, from: "card", to: outcome } as const),
      cause: `card.${outcome}`,
      detail: {
        card: gateway ?? "",
        taken: taken.join(", "),
        refused: why,
        noted: notes.join(", "),
      },
    });
  }

  async #noted(noting: Promise<void>): Promise<void> {
    try {
      await noting;
    } catch (error) {
      const { world } = this.#parts;
      world.log("warn", "how far the gateway is cannot be noted", { why: messageOf(error) });
    }
  }
}

/** The loop that tells how far the gateway is; null where its card brings nothing. */
export function firstStepsOf(
  { world, config, firstBoot: notes }: Pick<GatewayParts, "world" | "config" | "firstBoot">,
  reach: Pick<Parts, "status" | "tell">,
  signal: AbortSignal,
): FirstSteps | null {
  if (notes === undefined) return null;
  return new FirstSteps({ world, gateway: config.gateway.id, notes, ...reach }, signal);
}
