/** Whether `name` is what `pattern` says: as it stands, where each `*` is any run of characters. */
export function isMatch(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  const last = rest.pop() ?? "";
  if (name.length < first.length + last.length) return false;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of rest) {
    at = name.indexOf(part, at) + part.length;
    if (at < part.length || at > end) return false;
  }
  return true;
}
