import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./child.ts";
const HOUR_MS = 3_600_000;
const CONFIG = `
[req]
distinguished_name = name
prompt = no
[name]
CN = set by -subj
[ca]
default_ca = here
[here]
database = index.txt
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;
/** Founds an authority called `name` (Debian package `openssl`); its files go with the process. */
export function openAuthority(name = "Test Root") {
    const dir = tempDir("ca");
    const openssl = (...args) => execFileSync("openssl", args, { cwd: dir, stdio: "pipe" });
    writeFileSync(join(dir, "ca.conf"), CONFIG);
    writeFileSync(join(dir, "index.txt"), "");
    mkdirSync(join(dir, "out"));
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const root = ["-x509", "-days", "3650", "-subj", `/CN=${name}`, "-extensions", "root"];
    openssl("req", "-config", "ca.conf", ...key, ...root, "-keyout", "ca.key", "-out", "ca.pem");
    let issued = 0;
    return {
        cert: join(dir, "ca.pem"),
        issue({ name, fromMs = -HOUR_MS, toMs = 24 * HOUR_MS }) {
            const file = join(dir, "out", String(issued++));
            const san = ["-addext", `subjectAltName=DNS:${name}`];
            const asked = [
                "-subj",
                `/CN=${name}`,
                ...san,
                "-keyout",
                `${file}.key`,
                "-out",
                `${file}.csr`,
            ];
            openssl("req", "-config", "ca.conf", "-new", ...key, ...asked);
            const from = ["-keyfile", "ca.key", "-cert", "ca.pem", "-outdir", "out", "-batch", "-notext"];
            const term = ["-startdate", dateOf(fromMs), "-enddate", dateOf(toMs)];
            const files = ["-in", `${file}.csr`, "-out", `${file}.pem`];
            openssl("ca", "-config", "ca.conf", ...from, ...term, ...files);
            return { cert: `${file}.pem`, key: `${file}.key` };
        },
    };
}
/** ASN.1 GeneralizedTime, to the second. */
function dateOf(fromNowMs) {
    const text = new Date(Date.now() + fromNowMs).toISOString();
    return `${text.replaceAll(/[-:T]/g, "").slice(0, 14)}Z`;
}
