import process from "node:process";
import { goBack, keep, withdraw } from "../../../ota/install/activate.ts";
import { installedIn } from "../../../ota/install/installed.ts";
import { prune } from "../../../ota/install/prune.ts";
import { tell } from "../volatile-disk.ts";
import { Box } from "./box.ts";

/**
 * `flow.ts NAME DIR REPOSITORIES CONTROL`: does what updates do on the box in DIR, and notes in
 * CONTROL what it has promised once it has.
 */
const [name = "", dir = "", repositories = "", control = ""] = process.argv.slice(2);
const box = new Box(dir, repositories);
const said = (text: string) => tell(control, `mark said ${text}`);

/** The steps by which the process that updates changes a box. */
const FLOWS: Readonly<Record<string, () => Promise<void> | void>> = {
  refresh: async () => {
    await box.passing(box.trust().refresh(box.signal));
    said("fresh");
  },
  "install first": async () => {
    await box.prepare("first");
    said("fresh");
  },
  "install second": async () => {
    await box.prepare("second");
    said("fresh");
    said("installed");
  },
  "install third": async () => {
    await box.prepare("third");
    said("fresh");
    said("installed");
  },
  activate: async () => {
    await box.bring("second");
    said("activated");
  },
  bring: async () => {
    await box.bring("third");
    said("activated");
  },
  keep: () => {
    keep(box.activation, installedIn(box.folders), null);
    said("kept");
    box.updater().confirmKept();
    said("confirmed");
    prune(box.folders, null);
  },
  "go back": () => {
    goBack(box.activation, installedIn(box.folders), "ota.asked");
    said("went back");
  },
  withdraw: () => {
    withdraw(box.activation, installedIn(box.folders));
    said("went back");
  },
};

await FLOWS[name]?.();
