import type { Family, Sample } from "./families.ts";

/** The type of what `prometheusText` makes (Prometheus text exposition format 0.0.4). */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** `families` in the text exposition format 0.0.4; a family without samples is left out. */
export function prometheusText(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join("");
}

function familyText({ name, help, type, samples }: Family): string {
  const full = type === "counter" ? `${name}_total` : name;
  const head = `# HELP ${full} ${escaped(help)}\n# TYPE ${full} ${type}\n`;
  return head + samples.map((sample) => `${full}${labelsText(sample)} ${sample.value}\n`).join("");
}

function labelsText({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${quoted(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** In a help text a backslash and a line feed are escaped. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** In the value of a label the quote is, too. */
function quoted(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}
