import { join } from "node:path";
import process from "node:process";
import { updateFiles } from "../../../edge/world/update-files.ts";
import { tell } from "../volatile-disk.ts";
import { CONFIGS, identityIn, NEVER, NOTES, promoteIn, storeIn } from "./own.ts";

/**
 * `flow.ts NAME DIR CONTROL [URL CA CLAIM]`: changes what a gateway keeps for itself in DIR, and
 * notes in CONTROL what it has promised once it has.
 */
const [name = "", dir = "", control = "", url = "", ca = "", claim = ""] = process.argv.slice(2);
const said = (text: string) => tell(control, `mark said ${text}`);
const identity = identityIn(dir, { server: { url, ca }, claim });

/** What a gateway changes on its disk. */
const FLOWS: Readonly<Record<string, () => Promise<void> | void>> = {
  enrol: async () => {
    await identity.enrol(NEVER);
    said("enrolled");
  },
  renew: async () => {
    await identity.renew(NEVER);
    said("renewed");
    promoteIn(dir);
  },
  forget: () => {
    identity.forget();
    said("forgotten");
  },
  replace: async () => {
    await identity.replace(NEVER);
    said("enrolled");
  },
  configure: () => {
    const store = storeIn(dir);
    store.propose(CONFIGS.next);
    store.begin();
    said("on trial");
    store.keep();
    said("kept");
  },
  discard: () => {
    storeIn(dir).discard();
    said("discarded");
  },
  note: async () => {
    const files = updateFiles(join(dir, "var"), join(dir, "nowhere"));
    for (const file of ["order", "verdict", "before"] as const) {
      await files.write(file, NOTES.second);
      said(file);
    }
    await files.removeOrder();
    said("removed");
  },
};

await FLOWS[name]?.();
