/** Loaded as it is needed; a file of its own for the reason that `world/identity/x509.ts` names. */
export { parse } from "yaml";
