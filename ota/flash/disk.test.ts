import test from "ava";
import { type Disk, disksIn, refusalOf } from "./disk.ts";

const LSBLK = JSON.stringify({
  blockdevices: [
    {
      path: "/dev/sda",
      type: "disk",
      size: 31_914_983_424,
      rm: true,
      hotplug: true,
      ro: false,
      tran: "usb",
      model: "SD Reader ",
      serial: "0001",
      mountpoints: [null],
      children: [{ path: "/dev/sda1", type: "part", size: 1, mountpoints: ["/media/old"] }],
    },
    {
      path: "/dev/nvme0n1",
      type: "disk",
      size: 500_107_862_016,
      rm: false,
      hotplug: false,
      ro: false,
      tran: "nvme",
      model: "SSD",
      serial: null,
      mountpoints: [null],
      children: [
        {
          path: "/dev/nvme0n1p2",
          type: "part",
          mountpoints: [null],
          children: [{ path: "/dev/mapper/root", type: "crypt", mountpoints: ["/"] }],
        },
      ],
    },
    { path: "/dev/sdb", type: "disk", size: 0, rm: true, mountpoints: [null] },
  ],
});

const CARD: Disk = {
  ...{ path: "/dev/sda", bytes: 8e9, model: "", serial: null, isRemovable: true },
  ...{ isReadOnly: false, mounts: [] },
};

test("disks are told with where they are in use, also below what lies on them", (t) => {
  const [card, system, ...others] = disksIn(LSBLK);
  t.like(card, { path: "/dev/sda", model: "SD Reader", isRemovable: true, mounts: ["/media/old"] });
  t.like(system, { path: "/dev/nvme0n1", isRemovable: false, mounts: ["/"] });
  // A reader without a card.
  t.deepEqual(others, []);
});

test("a card that nothing uses is written to", (t) => {
  t.is(refusalOf(CARD, 4e9, false), null);
});

test("the disk of the running system is refused, however it is named", (t) => {
  for (const mount of ["/", "/boot", "[SWAP]"]) {
    t.deepEqual(refusalOf({ ...CARD, mounts: ["/media/x", mount] }, 0, true), { kind: "system" });
  }
});

test("a disk that is mounted, write-protected, too small or built in is refused", (t) => {
  const why = (change: Partial<Disk>, isMeant = false) =>
    refusalOf({ ...CARD, ...change }, 4e9, isMeant)?.kind;
  t.is(why({ mounts: ["/media/x"] }), "mounted");
  t.is(why({ isReadOnly: true }), "read-only");
  t.is(why({ bytes: 1e9 }), "small");
  t.is(why({ isRemovable: false }), "fixed");
  t.is(why({ isRemovable: false }, true), undefined);
});
