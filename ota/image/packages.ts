/** What a card's system is made of; all of it from Debian. */
export type Debian = {
  readonly suite: string;
  /** Where the kernel comes from: a suite of its own where that of `suite` is too old for the board. */
  readonly kernelSuite: string;
  readonly mirror: string;
};

/**
 * Debian 13. Its own kernel (6.12) drives neither network, USB nor header of a Raspberry Pi 5; that
 * of its backports has the drivers of RP1, the chip behind all of these.
 */
export const DEBIAN: Debian = {
  suite: "trixie",
  kernelSuite: "trixie-backports",
  mirror: "http://deb.debian.org/debian",
};

/** The configured system. `rauc` writes the other set of partitions, `gpiod` drives outputs. */
export const SYSTEM: readonly string[] = [
  "systemd",
  "systemd-sysv",
  "systemd-resolved",
  "systemd-timesyncd",
  "udev",
  "kmod",
  "dbus",
  "mount",
  "login",
  "passwd",
  "util-linux",
  "iproute2",
  "netbase",
  "e2fsprogs",
  "dosfstools",
  "fdisk",
  "zstd",
  "openssh-server",
  "rauc",
  // Its service, which writes; it is started when it is called.
  "rauc-service",
  "gpiod",
  // What systemd-creds opens to seal secrets by a TPM.
  "libtss2-esys-3.0.2-0t64",
  "libtss2-rc0t64",
  "libtss2-tcti-device0t64",
];

/** What is only unpacked: configuring a kernel would make an initramfs, an hour's work when emulated. */
export function kernelPackages({ suite, kernelSuite }: Debian): readonly string[] {
  const kernel = kernelSuite === suite ? "linux-image-arm64" : `linux-image-arm64/${kernelSuite}`;
  return [kernel, "raspi-firmware", "busybox-static"];
}

/** Not needed where nobody reads it. */
export const LEFT_OUT: readonly string[] = ["/usr/share/man/*", "/usr/share/locale/*"];

/** The lines of sources for `debian`; `isKernel` adds where kernel and firmware are. */
export function sourcesOf(
  { suite, kernelSuite, mirror }: Debian,
  isKernel: boolean,
): readonly string[] {
  const parts = isKernel ? "main non-free-firmware" : "main";
  const security = mirror.replace(/\/debian$/, "/debian-security");
  return [
    `deb ${mirror} ${suite} ${parts}`,
    `deb ${mirror} ${suite}-updates ${parts}`,
    `deb ${security} ${suite}-security ${parts}`,
    ...(isKernel && kernelSuite !== suite ? [`deb ${mirror} ${kernelSuite} ${parts}`] : []),
  ];
}
