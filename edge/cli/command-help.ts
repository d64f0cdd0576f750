import { NODE_HELP } from "./node-text.ts";
import { PROFILES_HELP } from "./profiles-text.ts";
import { SCAN_HELP } from "./scan-help.ts";

/** What commands say of themselves, where a file of texts is kept for each. */
export const COMMAND_HELP = { ...SCAN_HELP, ...PROFILES_HELP, ...NODE_HELP } as const;
