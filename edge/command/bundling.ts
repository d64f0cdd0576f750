import { createHash } from "node:crypto";
import type { Done } from "./result.ts";

/** Makes bundles for support and hands them out part by part: a result holds no more. */
export type Bundling = {
  /** Begins to make one, in place of the one before. */
  make(): Done;
  /** Part `n`, from 0, of the newest one. */
  part(n: number): Promise<Done>;
};

/** How bundles come about, and where the newest one is kept. */
export type BundleShelf = {
  /** Makes one and puts it in place of the one before. Rejects where that fails, saying why. */
  make(): Promise<void>;
  /** The newest one; null where there is none. */
  read(): Promise<Uint8Array | null>;
};

/** The bytes of a part: with base64 they fit into the longest result. */
export const PART_BYTES = 32_768;

/**
 * Bundles that are made while other commands go on: one may take a minute on a small machine. Whoever
 * wants it asks for its parts, which are refused as `command.busy` until it is there.
 */
export function bundling(shelf: BundleShelf): Bundling {
  let isMaking = false;
  let failure: string | null = null;
  return {
    make: () => {
      if (isMaking) return BUSY;
      [isMaking, failure] = [true, null];
      void shelf.make().then(
        () => {
          isMaking = false;
        },
        (error: unknown) => {
          [isMaking, failure] = [false, String(error)];
        },
      );
      return { outcome: "done", code: null, result: { state: "making" } };
    },
    part: async (n) => {
      if (isMaking) return BUSY;
      if (failure !== null) return failed(failure);
      const bundle = await shelf.read();
      if (bundle === null) return failed("no bundle was made yet");
      const parts = Math.ceil(bundle.length / PART_BYTES);
      if (n >= parts) return failed(`the bundle has ${parts} parts, from 0 to ${parts - 1}`);
      const data = bundle.subarray(n * PART_BYTES, (n + 1) * PART_BYTES);
      const sha256 = createHash("sha256").update(bundle).digest("hex");
      const whole = { sha256, bytes: bundle.length, parts };
      const result = { ...whole, part: n, data: Buffer.from(data).toString("base64") };
      return { outcome: "done", code: null, result };
    },
  };
}

const BUSY: Done = { outcome: "refused", code: "command.busy", detail: "a bundle is being made" };

function failed(detail: string): Done {
  return { outcome: "failed", code: "command.failed", detail };
}
