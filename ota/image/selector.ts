import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { IMAGE_ABOUT, type ImageAbout, imageAboutText } from "../../edge/core/image-about.ts";

/** Which set of partitions is booted; with `tryboot`, once, the other one. */
const AUTOBOOT = `[all]
tryboot_a_b=1
boot_partition=2
[tryboot]
boot_partition=3
`;

const README = `This card belongs to a Lifeline Edge gateway.

Folder "gateway" says which one: "lifeline flash" writes it, or you do. It may hold
  gateway.yaml      the gateway's configuration
  claim             what its first certificate is asked for with; taken away once it was read
  ca.pem            the authority of the enrolment server
  wired.network     how the network is set up, for systemd-networkd
  authorized_keys   who may log in over SSH; without it nobody can
  personal.json     written by "lifeline flash"; delete it where you change a file by hand
What came of it is in "gateway-result.txt", written at each boot, and on the screen.

此卡属于一台 Lifeline Edge 网关。文件夹 gateway 说明是哪一台，由 lifeline flash 写入，也可手工放置。
手工修改其中文件时，请删除 personal.json。每次启动后的处理结果见 gateway-result.txt 与屏幕。
`;

/** Fills `folder` with what the first partition of a card holds before it is a gateway's. */
export function fillSelector(folder: string, about: ImageAbout): void {
  mkdirSync(join(folder, "gateway"), { recursive: true });
  writeFileSync(join(folder, "autoboot.txt"), AUTOBOOT);
  // Without it the firmware does not take a partition for one to boot from.
  writeFileSync(join(folder, "config.txt"), "");
  writeFileSync(join(folder, "README.txt"), README.replaceAll("\n", "\r\n"));
  writeFileSync(join(folder, IMAGE_ABOUT), imageAboutText(about));
  // The data partition of a card's life before must not come back: the first boot makes it anew.
  writeFileSync(join(folder, "new-card"), "");
}
