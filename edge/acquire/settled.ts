import type { Session } from "../../drivers/driver.ts";
import type { Clock } from "../core/time.ts";

/**
 * `session`, when it may be asked: answers to what was asked before it was opened are over then.
 * Where `signal` cuts that short it is closed, and its reason is thrown.
 */
export async function settled(
  session: Session,
  clock: Clock,
  signal: AbortSignal,
): Promise<Session> {
  const settleMs = session.readyAt - clock.uptime();
  if (settleMs <= 0) return session;
  try {
    await clock.sleep(settleMs, signal);
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}
