import process from "node:process";
import { missingPackages } from "../debian/packages.ts";

const missing = missingPackages(["systemd", "systemd-container", "python3", "mosquitto"]);

/** Whether a machine can be booted here. */
export const isAbleToBoot = process.getuid?.() === 0 && missing.length === 0;

/** Why not, where none can. */
export const WHY_NOT = `no machine can be booted: this needs root, and ${missing.join(", ") || "that alone"}`;
