import { hexOf } from "../wire-text.ts";
import type { Bootloader, BrokenOff } from "./bootloader.ts";

/** Version of the firmware in `lifeline-node.hex`, as the node tells it. */
export const FIRMWARE_VERSION = "1.0";

/** The ATmega328P (data sheet 27.3). */
const SIGNATURE = "1E 95 0F";

const PAGE_BYTES = 128;
const BLANK = 0xff;

/** What came of writing a chip; but for `done`, `isChanged` is whether it has lost its firmware. */
export type Programmed =
  | { readonly kind: "done" }
  | { readonly kind: "wrong-chip"; readonly signature: string }
  | { readonly kind: "not-verified"; readonly address: number; readonly isChanged: true }
  | { readonly kind: "broken-off"; readonly why: BrokenOff; readonly isChanged: boolean };

/**
 * Writes `image` to the chip that `bootloader` speaks for, reads it back and starts it. `onStep` is
 * told how many of all steps are done. The first page, where a chip begins, is written last; until
 * then an endless loop is there: a chip that was cut off keeps still on its line and can be written
 * anew.
 */
export async function program(
  bootloader: Bootloader,
  image: Uint8Array,
  onStep: (done: number, total: number) => void,
): Promise<Programmed> {
  const signature = await bootloader.ask({ kind: "signature" });
  if (typeof signature === "string") return brokenOff(signature, false);
  const chip = hexOf(signature);
  if (chip !== SIGNATURE) return { kind: "wrong-chip", signature: chip };
  const entered = await bootloader.ask({ kind: "enter" });
  if (typeof entered === "string") return brokenOff(entered, false);
  const steps = stepsFor(pagesOf(image));
  for (const [done, step] of steps.entries()) {
    const outcome = await perform(bootloader, step);
    // What broke off the very first write may have erased the page all the same.
    if (typeof outcome === "string") return brokenOff(outcome, done > 0 || outcome !== "ended");
    if (!outcome) {
      // Should it be the first page that did not take, the chip must not begin with it either.
      await perform(bootloader, KEEP_STILL);
      return { kind: "not-verified", address: step.address, isChanged: true };
    }
    onStep(done + 1, steps.length);
  }
  // It starts by itself as well, when the bootloader has waited long enough.
  await bootloader.ask({ kind: "leave" });
  return { kind: "done" };
}

type Step = {
  readonly kind: "write" | "verify";
  readonly address: number;
  readonly page: Uint8Array;
};

type Page = { readonly address: number; readonly page: Uint8Array };

function stepsFor([first, ...others]: readonly [Page, ...Page[]]): readonly Step[] {
  return [
    KEEP_STILL,
    ...others.map((each) => ({ kind: "write", ...each }) as const),
    ...others.map((each) => ({ kind: "verify", ...each }) as const),
    { kind: "write", ...first },
    { kind: "verify", ...first },
  ];
}

/** An endless loop where the chip begins: `rjmp .` (AVR instruction set). */
const KEEP_STILL: Step = { kind: "write", address: 0, page: padded(Uint8Array.of(0xff, 0xcf)) };

/** Whether the step came out right, or why it did not come to an end. */
async function perform(bootloader: Bootloader, step: Step): Promise<boolean | BrokenOff> {
  const { kind, address, page } = step;
  const addressed = await bootloader.ask({ kind: "address", address });
  if (typeof addressed === "string") return addressed;
  if (kind === "write") {
    const written = await bootloader.ask({ kind: "write", page });
    return typeof written === "string" ? written : true;
  }
  const read = await bootloader.ask({ kind: "read", length: page.length });
  return typeof read === "string" ? read : read.every((byte, i) => byte === page[i]);
}

function pagesOf(image: Uint8Array): readonly [Page, ...Page[]] {
  const pageAt = (address: number): Page => ({
    address,
    page: padded(image.subarray(address, address + PAGE_BYTES)),
  });
  const count = Math.ceil(image.length / PAGE_BYTES);
  const others = Array.from({ length: count - 1 }, (_, n) => pageAt((n + 1) * PAGE_BYTES));
  return [pageAt(0), ...others];
}

function padded(bytes: Uint8Array): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES).fill(BLANK);
  page.set(bytes);
  return page;
}

/** What came of it where it did not come to an end, for the reason `why`. */
export function brokenOff(why: BrokenOff, isChanged: boolean): Programmed {
  return { kind: "broken-off", why, isChanged };
}
