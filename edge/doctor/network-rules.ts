import type { FindingCode } from "./catalogue.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";

/** The name by which findings are about the network of the machine, and about its name servers. */
const NETWORK = "network";
const NAMES = "DNS";

/** Failures that a machine without a network has with everybody. */
const CUT_OFF: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ETIMEDOUT",
]);

/** What is wrong with the network itself, where it keeps anything from being reached. */
export function networkRules(facts: Facts): readonly Finding[] {
  const away = facts.uplinks.filter(({ reach }) => CUT_OFF.has(reach.failed?.code ?? ""));
  if (away.length === 0 || facts.machine === null) return [];
  const names = away.map(({ destination }) => destination);
  return [...unconnected(facts, names), ...nameServers(facts)];
}

function unconnected({ machine }: Facts, away: readonly string[]): readonly Finding[] {
  if (machine === null) return [];
  const { links, defaultRoutes } = machine.network;
  const code = cutOffCode(machine.network);
  if (code === null) return [];
  const states = links.map(({ name, state, hasCarrier, addresses }): Evidence => {
    const address = addresses.join(", ") || "-";
    const signal = hasCarrier === null ? "-" : hasCarrier ? "1" : "0";
    return { key: "linkState", values: { name, state, signal, address } };
  });
  const route: readonly Evidence[] =
    defaultRoutes.length === 0 ? [{ key: "noDefaultRoute", values: {} }] : [];
  return [
    {
      code,
      subject: NETWORK,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [...states, ...route],
      explains: [...away, NAMES, "buffer", "clock"],
    },
  ];
}

function cutOffCode({
  links,
  defaultRoutes,
}: NonNullable<Facts["machine"]>["network"]): FindingCode | null {
  if (defaultRoutes.length > 0 && links.some(({ hasCarrier }) => hasCarrier !== false)) return null;
  const live = links.filter(({ hasCarrier }) => hasCarrier === true);
  if (live.length === 0) return "network.no-link";
  if (live.every(({ addresses }) => addresses.length === 0)) return "network.no-address";
  return "network.no-route";
}

/** Nobody answers for names, whoever is asked for. */
function nameServers({ uplinks, machine }: Facts): readonly Finding[] {
  const unanswered = uplinks.filter(({ reach }) => reach.failed?.code === "EAI_AGAIN");
  if (unanswered.length === 0 || machine === null) return [];
  const { nameServers } = machine.network;
  const servers = nameServers.join(", ");
  const evidence: readonly Evidence[] = [
    servers === ""
      ? { key: "noNameServer", values: {} }
      : { key: "nameServersAsked", values: { servers } },
    ...unanswered.map(({ reach }): Evidence => ({ raw: reach.failed?.text ?? "" })),
  ];
  return [
    {
      code: "network.dns-down",
      subject: NAMES,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence,
      explains: [...unanswered.map(({ destination }) => destination), "buffer"],
    },
  ];
}
