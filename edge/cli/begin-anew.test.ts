import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { openLocalLedger } from "../../buffer/local.ts";
import { startEnrolment } from "../../test-rigs/centre/enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "../../test-rigs/centre/gateway-claim.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { fileIn, fill, optionsFor } from "../../test-rigs/sim/buffer-rig.ts";
import { beginAnew } from "./begin-anew.ts";

const never = new AbortController().signal;

test("a card in another board takes over with a new identity and a new stream, in its own board it goes on", async (t) => {
  const centre = tempDir("centre");
  const server = await startEnrolment(centre);
  t.teardown(() => server.close());
  const dir = tempDir("buffer");
  const onBoard = (board: string) => {
    const claim = [newClaim(centre, "gw-1")];
    return newGateway({ dir: join(dir, "identity"), server: wayTo(server), claim, board }).identity;
  };
  await onBoard("board-1").enrol(never);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 3);
  await ledger.close();
  t.is(await beginAnew(dir, "gw-1", onBoard("board-1").standing()), null);
  t.true(existsSync(fileIn(dir)), "its own box is only given another identity");
  const elsewhere = onBoard("board-2");
  const file = await beginAnew(dir, "gw-1", elsewhere.standing());
  t.true(file !== null && existsSync(file));
  t.false(existsSync(fileIn(dir)));
  await elsewhere.replace(never);
  t.like(elsewhere.standing(), { state: "enrolled", boundTo: "board-2" });
  t.is(await beginAnew(dir, "gw-1", elsewhere.standing()), null, "once");
});
