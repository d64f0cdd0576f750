/** Whether `name` is what `pattern` says: as it stands, where each `*` is any run of characters. */
export function isMatch(pattern, name) {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su").test(name);
}

/** A function that tells whether a name is what one of `patterns` says. */
export function matcherOf(patterns) {
  return (name) => patterns.some((pattern) => isMatch(pattern, name));
}
