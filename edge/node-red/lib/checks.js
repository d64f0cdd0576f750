import "../resources/checks.js";

/** What the properties of the nodes must be, as the editor has it too. */
export const checks = globalThis.LifelineChecks;
