import { crc16, passesCrc } from "./crc16.ts";
import { type Explanation, explain, explainDamaged, type Known } from "./explanation.ts";
import { type FaultKind, type HintKind, type Remark, remark } from "./meaning.ts";

/** Transaction and protocol identifier and length (Modbus messaging on TCP/IP V1.0b, 3.1.3). */
const HEADER = 6;

/** The header, unit and function: no frame is shorter. */
const SHORTEST = HEADER + 2;

/** What the length may announce: unit, function, up to unit and the longest PDU. */
const LENGTH_MIN = 2;
const LENGTH_MAX = 254;

/** What `bytes`, taken for one frame of Modbus TCP, say (Modbus messaging on TCP/IP V1.0b, 3.1). */
export function decodeTcp(bytes: Uint8Array, known: Known): Explanation {
  if (bytes.length < SHORTEST) {
    const faults = [remark("too-short", { missing: SHORTEST - bytes.length })];
    return explainDamaged(
      { bytes, body: bytes.subarray(HEADER), faults, hints: rtu(bytes) },
      known,
    );
  }
  const transaction = numberAt(bytes, 0);
  const body = bytes.subarray(HEADER);
  const faults = headerFaults(bytes);
  if (faults.length === 0) {
    const told = explain({ bytes, transaction, body, hints: rtu(bytes) }, known);
    const isLong = told.faults.length > 0 && endsWithCrc(body);
    return isLong ? { ...told, hints: [remark("crc-in-tcp")] } : told;
  }
  const parts = framesIn(bytes);
  if (parts.length > 1) {
    const joined = [remark("joined", { frames: parts.length })];
    return explainDamaged({ bytes, body: bytes.subarray(0, 0), faults: joined, parts }, known);
  }
  return explainDamaged({ bytes, transaction, body, faults, hints: hintsOf(bytes) }, known);
}

function headerFaults(bytes: Uint8Array): readonly Remark<FaultKind>[] {
  const protocol = numberAt(bytes, 2);
  const said = numberAt(bytes, 4);
  const found = bytes.length - HEADER;
  const faults: Remark<FaultKind>[] = [];
  if (protocol !== 0) faults.push(remark("protocol", { said: protocol }));
  if (said !== found || said > LENGTH_MAX) faults.push(remark("length", { said, found }));
  return faults;
}

function hintsOf(bytes: Uint8Array): readonly Remark<HintKind>[] {
  const line = rtu(bytes);
  if (line.length > 0) return line;
  if (numberAt(bytes, 2) !== 0) return [];
  const said = numberAt(bytes, 4);
  const body = bytes.subarray(HEADER);
  const found = body.length;
  if (said === found - 2 && endsWithCrc(body)) return [remark("crc-in-tcp")];
  if (said === bytes.length) return [remark("length-of-all", { by: HEADER })];
  if (said === found - 1) return [remark("length-of-pdu")];
  return [];
}

function endsWithCrc(body: Uint8Array): boolean {
  const crc = crc16(body, 0, body.length - 2);
  return body.at(-2) === (crc & 0xff) && body.at(-1) === crc >>> 8;
}

function rtu(bytes: Uint8Array): readonly Remark<HintKind>[] {
  return passesCrc(bytes) ? [remark("is-rtu")] : [];
}

/** The frames that `bytes` are made of, whole; none where any rest is left. */
function framesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  while (at + SHORTEST <= bytes.length) {
    const said = numberAt(bytes, at + 4);
    if (numberAt(bytes, at + 2) !== 0 || said < LENGTH_MIN || said > LENGTH_MAX) return [];
    const end = at + HEADER + said;
    if (end > bytes.length) return [];
    found.push(bytes.slice(at, end));
    at = end;
  }
  return at === bytes.length ? found : [];
}

function numberAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) * 256 + (bytes[at + 1] as number);
}
