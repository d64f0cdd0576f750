/** A function that tells whether a name is what one of `patterns` says: `*` is any run of characters. */
export function matcherOf(patterns) {
  const all = patterns.map((pattern) => {
    const parts = pattern.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "su");
  });
  return (name) => all.some((each) => each.test(name));
}
