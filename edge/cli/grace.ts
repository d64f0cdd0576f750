/** How long the farewell of a gateway may take before its process ends all the same, in milliseconds. */
export const GRACE_MS = 3_000;
/** The same where the gateway only begins anew: what it owes it sends then. */
export const CHANGE_GRACE_MS = 500;
