import test from "ava";
import { identityOf } from "../../config/identity.ts";
import { inTime } from "../../drivers/modbus/fake-link.ts";
import type { Query } from "../../drivers/query.ts";
import { examine, type ProbeKind } from "../../edge/scan/examine.ts";
import { fill } from "./filling.ts";
import { isAsked, type Model, shippedModels, UNIT } from "./model.ts";
import { benchOf } from "./read-back.ts";
import { type Memory, type Raw, spotOf, store } from "./registers.ts";

const ALL = shippedModels().filter(isAsked);

/** A scan that asks a device in vain is over by then, in milliseconds. */
const SCAN_MS = 600_000;

const PROBES: readonly ProbeKind[] = ["careful", "read"];

/** How a scan knows every model that it can know. */
const KNOWN = ALL.flatMap(({ name, profile }) => {
  const identity = identityOf(profile);
  return identity === null ? [] : [{ name, identity }];
});

for (const model of ALL) {
  const { name, profile } = model;
  const isKnown = profile.identify !== undefined;

  test(`${name}: a scan ${isKnown ? "names this model and no other" : "names no model"}`, async (t) => {
    for (const [memory, probe] of memoriesOf(model).flatMap((memory) =>
      PROBES.map((probe) => [memory, probe] as const),
    )) {
      const { clock, device, session } = benchOf(model, memory);
      const { signal } = new AbortController();
      const ask = async (query: Query) => {
        if (session.query === undefined) throw new Error("the session takes no queries");
        return await session.query({ device: "d", unit: UNIT, query }, signal);
      };
      const { profiles } = await inTime(clock, examine(UNIT, ask, KNOWN, probe), SCAN_MS);
      t.deepEqual(profiles, isKnown ? [name] : []);
      t.deepEqual(device.complaints, []);
    }
  });
}

/** What a device of `model` may hold: each value that tells it, with all its other bits 0 or 1. */
function memoriesOf({ profile }: Model): readonly Memory[] {
  const { memory } = fill(profile, 0);
  const { vendor: _, product: __, values, mask, ...place } = profile.identify ?? {};
  if (values === undefined) return [memory];
  const spot = spotOf("identity", place);
  if (spot === null) throw new Error("an identity stands in a register");
  const others = mask === undefined ? 0 : (2 ** (16 * spot.width) - 1 - mask) % 0x1_0000;
  const told = values.flatMap((value): readonly Raw[] =>
    typeof value === "number" ? [value, value + others] : [value],
  );
  return told.map((raw) => {
    const own: Memory = new Map(memory);
    store(own, spot, raw);
    return own;
  });
}
