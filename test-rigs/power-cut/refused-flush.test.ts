import { join } from "node:path";
import Database from "better-sqlite3";
import { openLocalLedger } from "../../buffer/local.ts";
import { testOnDisk } from "./test-on-disk.ts";
import { startVolatileDisk } from "./volatile-disk.ts";
import { commitOf, optionsOf } from "./writings.ts";

for (const [title, isRead] of [
  ["a commit whose first flush the disk refused survives a power cut once it is flushed", false],
  ["and so do those behind it while somebody reads", true],
] as const) {
  testOnDisk(title, async (t) => {
    t.timeout(90_000);
    const disk = await startVolatileDisk(1);
    t.teardown(() => disk.close());
    disk.format();
    // Nothing but the flushes of the buffer may bring anything to the disk.
    t.is(disk.mount("barrier=1,commit=300"), null);
    const dir = join(disk.dir, "buffer");
    const ledger = await openLocalLedger(optionsOf(dir, 1));
    let seq = 0;
    while (seq < 40) await ledger.commit(commitOf(++seq, 1));

    const whenRefused = await disk.refuseNext();
    const { unflushed } = await ledger.commit(commitOf(++seq, 1));
    await whenRefused();
    if (unflushed !== null) await ledger.flush();
    const reader = new Database(join(dir, "lifeline.db"), { readonly: true });
    reader.exec(isRead ? "BEGIN; SELECT count(*) FROM batch" : "");
    while (isRead && seq < 44) t.is((await ledger.commit(commitOf(++seq, 1))).unflushed, null);

    await disk.cut();
    reader.close();
    await t.notThrowsAsync(ledger.close());
    disk.unmount();
    await disk.powerOn();
    t.is(disk.mount("barrier=1"), null);
    const again = await openLocalLedger(optionsOf(dir, 2));
    t.deepEqual((await again.state()).heads, { readings: seq, events: seq });
    await again.close();
    disk.unmount();
  });
}
