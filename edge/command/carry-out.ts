import type { AlarmOrder } from "../alarm/alarm-order.ts";
import type { FieldDesk } from "../control/field-desk.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { StreamKind } from "../core/ledger.ts";
import type { SeqRange } from "../core/seq-set.ts";
import type { Bundling } from "./bundling.ts";
import type { Order } from "./order.ts";
import type { Done } from "./result.ts";

/** Takes a new configuration on trial, and keeps it or goes back. */
export type Reconfigure = {
  /** Whether a configuration is checked or on trial. */
  readonly isBusy: boolean;
  propose(
    order: { readonly yaml: string; readonly withinMs: number; readonly confirm: boolean },
    who: string,
    isStillGood?: () => boolean,
  ): Promise<Done>;
  /** The same with one that was left beside the file by whoever may write there. */
  tryLeft(withinMs: number, who: string): Promise<Done>;
  /** `configuration` is the fingerprint of what is meant; left out: whatever is on trial. */
  confirm(who: string, configuration?: string): Promise<Done>;
  rollback(who: string, isStillGood?: () => boolean): Promise<Done>;
};

/** Has releases installed, by whoever installs them. */
export type OrderUpdate = (
  order: Extract<Order, { readonly kind: "update" }>,
  who: string,
  isStillGood: () => boolean,
) => Promise<Done>;

export type CarryOutParts = {
  readonly field: Pick<FieldDesk, "read" | "write">;
  /** Does what an order says with an alarm; resolves with what became of it. */
  readonly actOnAlarm: (alarm: string, order: AlarmOrder) => Promise<string>;
  /** Limits the backlog of a destination; false where there is none whose backlog has a rate. */
  readonly setRate: (destination: string, perS: number | null) => boolean;
  /** Has messages owed again; resolves with how many, null where no such destination has any. */
  readonly oweAgain: (
    destination: string,
    kind: StreamKind,
    range: SeqRange,
  ) => Promise<number | null>;
  /** Null where the configuration cannot be changed from here. */
  readonly reconfigure: Reconfigure | null;
  /** Null where nobody would install any. */
  readonly orderUpdate: OrderUpdate | null;
  /** Null where no bundles can be made. */
  readonly bundling: Bundling | null;
};

/** Does what `order` says in the name of `who`, unless it is not good any more before it acts. */
export async function carryOut(
  order: Order,
  who: string,
  isStillGood: () => boolean,
  parts: CarryOutParts,
): Promise<Done> {
  try {
    return await attempt(order, who, isStillGood, parts);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const outcome = error.remedy === "operator" ? "refused" : "failed";
    return { outcome, code: error.code, detail: messageOf(error) };
  }
}

function attempt(
  order: Order,
  who: string,
  isStillGood: () => boolean,
  parts: CarryOutParts,
): Promise<Done> {
  const { reconfigure } = parts;
  switch (order.kind) {
    case "read":
      return read(order.points, parts);
    case "write":
      return write(order, who, isStillGood, parts);
    case "acknowledge":
    case "unshelve":
      return alarm(order.alarm, { kind: order.kind, who }, parts);
    case "shelve": {
      const { reason, forMs } = order;
      return alarm(order.alarm, { kind: "shelve", who, reason, forMs }, parts);
    }
    case "rate":
      return Promise.resolve(rate(order, parts));
    case "backlog":
      return backlog(order, parts);
    case "configure":
      return reconfigure?.propose(order, who, isStillGood) ?? unsupported(order.kind);
    case "confirm":
      return reconfigure?.confirm(who, order.configuration) ?? unsupported(order.kind);
    case "rollback":
      return reconfigure?.rollback(who, isStillGood) ?? unsupported(order.kind);
    case "bundle":
      return bundle(order.part, parts) ?? unsupported(order.kind);
    case "update":
      return parts.orderUpdate?.(order, who, isStillGood) ?? unsupported(order.kind);
  }
}

async function read(points: readonly string[], { field }: CarryOutParts): Promise<Done> {
  return { outcome: "done", code: null, result: await field.read({ points }) };
}

async function write(
  { point, value }: { readonly point: string; readonly value: string },
  who: string,
  isStillGood: () => boolean,
  { field }: CarryOutParts,
): Promise<Done> {
  const told = await field.write({ point, value, who }, isStillGood);
  const { outcome, cause, old, unit, at, value: written } = told;
  const result = { point, unit, old, value: written, cause, writtenAt: at };
  if (outcome === "done") return { outcome, code: null, result };
  const ended = outcome === "unknown" ? "unknown" : "failed";
  return { outcome: ended, code: "command.failed", detail: cause, result };
}

async function alarm(
  name: string,
  order: AlarmOrder,
  { actOnAlarm }: CarryOutParts,
): Promise<Done> {
  const outcome = await actOnAlarm(name, order);
  const result = { alarm: name, outcome };
  // It holds for this run, and is stored as soon as the disk takes it.
  if (outcome === "done" || outcome === "not-stored") {
    return { outcome: "done", code: null, result };
  }
  return { outcome: "refused", code: "command.failed", detail: outcome, result };
}

function rate(
  { destination, readingsPerS }: Extract<Order, { readonly kind: "rate" }>,
  { setRate }: CarryOutParts,
): Done {
  if (setRate(destination, readingsPerS)) return { outcome: "done", code: null };
  return noDestination(destination);
}

async function backlog(
  { destination, stream, from, to }: Extract<Order, { readonly kind: "backlog" }>,
  { oweAgain }: CarryOutParts,
): Promise<Done> {
  const messages = await oweAgain(destination, stream, { from, to });
  if (messages === null) return noDestination(destination);
  return { outcome: "done", code: null, result: { messages } };
}

function bundle(part: number | null, { bundling }: CarryOutParts): Promise<Done> | undefined {
  if (bundling === null) return undefined;
  return part === null ? Promise.resolve(bundling.make()) : bundling.part(part);
}

function noDestination(name: string): Done {
  const detail = `there is no destination ${name} for which that can be done`;
  return { outcome: "refused", code: "command.failed", detail };
}

function unsupported(kind: Order["kind"]): Promise<Done> {
  const detail = `this gateway cannot ${kind} yet`;
  return Promise.resolve({ outcome: "refused", code: "command.unsupported", detail });
}
