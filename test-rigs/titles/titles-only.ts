const titles: string[] = [];

/** The titles since this was called last. */
export function taken(): readonly string[] {
  return titles.splice(0);
}

/** Stands in for ava's `test` and all of its modifiers. */
const test: unknown = new Proxy(() => {}, {
  apply: (_, __, [title]: unknown[]) => {
    if (typeof title === "string") titles.push(title);
  },
  get: () => test,
});

export default test;
