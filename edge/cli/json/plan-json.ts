import type { BusPlan } from "../../acquire/poll-plan.ts";

/** The plans for programs; the keys are stable. Times in milliseconds, loads as shares of 1. */
export function planJson(plans: readonly BusPlan[]): readonly object[] {
  return plans.map(({ bus, line, behind, forecast, verdict, gaps, proposal }) => ({
    bus,
    line,
    behind,
    inFlight: forecast.width,
    verdict,
    load: rounded(forecast.load),
    loadOneDead: rounded(forecast.loadOneDead),
    requests: forecast.requests.length,
    roundMs: rounded(forecast.roundMs),
    maySkip: forecast.maySkip,
    points: forecast.requests.flatMap(({ request, ageMs, ageOneDeadMs }) =>
      request.points.map(({ point }) => ({
        point: point.id,
        everyMs: request.everyMs,
        ageMs: rounded(ageMs),
        ageOneDeadMs: rounded(ageOneDeadMs),
      })),
    ),
    gaps,
    proposal: proposal && {
      periods: proposal.periods,
      faster: proposal.faster && { ...proposal.faster, load: rounded(proposal.faster.load) },
    },
  }));
}

function rounded(number: number): number;
function rounded(number: number | null): number | null;
function rounded(number: number | null): number | null {
  return number === null ? null : Math.round(number * 1000) / 1000;
}
