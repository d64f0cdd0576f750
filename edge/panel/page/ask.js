// What the page asks of the gateway, and nobody else.

/** A gateway that has not answered after so long counts as gone, in milliseconds. */
const PATIENCE_MS = 10_000;

/** What the gateway answers under `path`. Rejects where it does not. */
export async function ask(path, patienceMs = PATIENCE_MS) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(patienceMs), cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return await answer.json();
}

/** Tells the gateway to do something; its answer, also where it refuses. */
export async function order(method, path, what = {}) {
  const answer = await fetch(path, {
    method,
    headers: { "content-type": "application/json", "x-lifeline-panel": "1" },
    body: JSON.stringify(what),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return { isDone: answer.ok, ...(await answer.json()) };
}
