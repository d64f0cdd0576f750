import test from "ava";
import { IDENTITY, SealingMachine } from "./sealing.ts";
import { testMachine } from "./test-machine.ts";

let machine: SealingMachine;

test.after.always(() => machine?.end());

testMachine("under systemd a key is sealed, and its plain file goes after a restart", async (t) => {
  t.timeout(180_000);
  machine = await SealingMachine.boot();
  const planted = await machine.putDown();
  t.is((await machine.run("systemctl start lifeline-seal")).text, "");
  t.true(machine.has(`${IDENTITY}/credential.pem.sealed`));
  t.true(machine.has(`${IDENTITY}/credential.pem`), "there was no restart yet");
  t.regex(await machine.started(), new RegExp(planted.key));
  t.true(machine.keeps(planted.key).length > 0, "what lies on the card is found");
  await machine.restart();
  t.is((await machine.run("systemctl start lifeline lifeline-seal")).text, "");
  t.false(machine.has(`${IDENTITY}/credential.pem`));
  const read = await machine.started();
  t.true(read.includes(planted.key) && read.includes(planted.password), read);
  t.deepEqual([...machine.keeps(planted.key), ...machine.keeps(planted.password)], []);
  const { text } = await machine.run("stat -c '%U %a' /run/lifeline/identity/credential.pem");
  t.is(text, "lifeline 600");
});

testMachine("what the gateway renews is sealed without anybody's doing", async (t) => {
  t.timeout(120_000);
  await machine.run("systemctl start lifeline-seal.path lifeline-seal.timer");
  const planted = await machine.putDown();
  const files = `ls ${IDENTITY} /etc/lifeline/secrets`;
  await machine.until(files, (text) => !/^(credential.pem|password)$/m.test(text), 60_000);
  const read = await machine.started();
  t.true(read.includes(planted.key) && read.includes(planted.password), read);
});

testMachine("what the path unit overlooked the timer has sealed", async (t) => {
  t.timeout(120_000);
  await machine.run("systemctl stop lifeline-seal.path lifeline-seal.timer");
  await machine.putDown();
  await machine.run("systemctl start lifeline-seal.timer");
  const files = `ls ${IDENTITY} /etc/lifeline/secrets`;
  await machine.until(files, (text) => !/^(credential.pem|password)$/m.test(text), 60_000);
  t.pass();
});

testMachine(
  "a gateway whose key does not open is started, and a new key takes its place",
  async (t) => {
    t.timeout(120_000);
    await machine.run(
      "systemctl stop lifeline; rm -r /run/lifeline /var/lib/systemd/credential.secret",
    );
    t.is(await machine.started(), "none\nnone");
    t.true(machine.has(`${IDENTITY}/credential.pem.refused`));
    // As `lifeline provision replace` does; what is removed is not to wake the sealer before.
    await machine.run(
      `systemctl stop lifeline-seal.path lifeline-seal.timer; rm ${IDENTITY}/credential.pem.*
       systemctl start lifeline-seal.path lifeline-seal.timer`,
    );
    const planted = await machine.putDown();
    await machine.until(`ls ${IDENTITY}`, (text) => text.includes("pem.sealed"), 60_000);
    t.regex(await machine.started(), new RegExp(planted.key));
    t.true(machine.has(`${IDENTITY}/credential.pem`), "what seals now has not outlasted a restart");
  },
);
