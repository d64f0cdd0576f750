import { after, type UptimeMs } from "../core/time.ts";

/**
 * So long nothing may be answered, of several the newest answer counting, until a session is taken
 * for lost although its connection stands, in milliseconds: a broker that stalls for a minute is
 * waited for.
 */
const SILENT_MS = 120_000;
/**
 * So long a message may be behind later ones that were answered, in milliseconds: answers come in
 * the order of the messages (MQTT 5.0, 4.6), so its own was lost.
 */
const OVERTAKEN_MS = 30_000;

type Message = { readonly sentAt: UptimeMs; overtakenAt: UptimeMs | null };

/**
 * The messages of one session that the broker has not answered, and until when that is bearable:
 * within a session none may be sent again (MQTT 5.0, 4.4), so that one answer which never comes
 * would hold its place in the window for ever.
 */
export class Unanswered {
  /** In the order in which they were sent. */
  readonly #messages = new Set<Message>();
  #answeredAt: UptimeMs | null = null;

  /** A message is sent; the function returned is to be called when it is answered. */
  sent(sentAt: UptimeMs): (answeredAt: UptimeMs) => void {
    const message: Message = { sentAt, overtakenAt: null };
    this.#messages.add(message);
    return (answeredAt) => {
      this.#answeredAt = answeredAt;
      for (const other of this.#messages) {
        if (other === message) break;
        other.overtakenAt ??= answeredAt;
      }
      this.#messages.delete(message);
    };
  }

  /** How many there are. */
  get count(): number {
    return this.#messages.size;
  }

  /** When the session is to be given up; null while nothing is unanswered. */
  get giveUpAt(): UptimeMs | null {
    const [oldest] = this.#messages;
    if (oldest === undefined) return null;
    const { sentAt, overtakenAt } = oldest;
    const silentSince = Math.max(sentAt, this.#answeredAt ?? sentAt) as UptimeMs;
    const silent = after(silentSince, SILENT_MS);
    return overtakenAt === null || after(overtakenAt, OVERTAKEN_MS) > silent
      ? silent
      : after(overtakenAt, OVERTAKEN_MS);
  }
}
