import type { IdentityObject, Query, QueryAnswer } from "../query.ts";
import { CRC_LENGTH, withCrc } from "./crc16.ts";
import { EXCEPTION_BIT } from "./framer.ts";

/** A query that modbus-serial cannot make. */
export type OwnQuery = Exclude<Query, { readonly kind: "place" }>;

/** What a device answered to one, or its exception. */
export type OwnAnswer =
  | Exclude<QueryAnswer, { readonly kind: "registers" | "bits" }>
  | { readonly kind: "exception"; readonly code: number };

/** The encapsulated interface that reads a device's identification, and its basic part. */
const READ_IDENTIFICATION = 14;
const BASIC = 1;

/**
 * `query` to `unit` in serial-line form. modbus-serial knows neither function 7 nor 8, and asks on
 * by itself where an identification has several parts; so these four are made here.
 */
export function encodeQuery(unit: number, query: OwnQuery): Uint8Array {
  return withCrc(Uint8Array.of(unit, ...pduOf(query)));
}

function pduOf(query: OwnQuery): readonly number[] {
  switch (query.kind) {
    case "exception-status":
      return [7];
    case "return-data":
      return [8, 0, 0, query.data >>> 8, query.data & 0xff];
    case "server-id":
      return [17];
    case "identification":
      return [43, READ_IDENTIFICATION, BASIC, query.from];
  }
}

/**
 * What `adu` (in serial-line form, its check sum right, its function that of `query`) says as the
 * answer to `query`; null where it is none.
 */
export function decodeQuery(query: OwnQuery, adu: Uint8Array): OwnAnswer | null {
  const pdu = adu.subarray(1, adu.length - CRC_LENGTH);
  const [functionCode = 0, second] = pdu;
  if (second === undefined) return null;
  if (functionCode & EXCEPTION_BIT) return { kind: "exception", code: second };
  switch (query.kind) {
    case "exception-status":
      return { kind: "exception-status", status: second };
    case "return-data": {
      const asked = pduOf(query);
      const isSame = pdu.length === asked.length && asked.every((byte, i) => byte === pdu[i]);
      return isSame ? { kind: "returned" } : null;
    }
    case "server-id":
      return { kind: "server-id", id: [...pdu.subarray(2)] };
    case "identification":
      return identificationIn(pdu);
  }
}

/** More objects follow (Modbus Application Protocol V1.1b3, 6.21). */
const MORE_FOLLOWS = 0xff;
/** Where the objects begin in the PDU. */
const OBJECTS_AT = 7;

function identificationIn(pdu: Uint8Array): OwnAnswer | null {
  const [, , , , more, next = 0, count = 0] = pdu;
  const objects: IdentityObject[] = [];
  let at = OBJECTS_AT;
  for (let n = 0; n < count; n++) {
    const [id, length] = pdu.subarray(at, at + 2);
    if (id === undefined || length === undefined || at + 2 + length > pdu.length) return null;
    objects.push({ id, text: textIn(pdu.subarray(at + 2, at + 2 + length)) });
    at += 2 + length;
  }
  return { kind: "identification", objects, next: more === MORE_FOLLOWS ? next : null };
}

/** Bytes as text: UTF-8, which ASCII is, without what fills it up or does not print. */
export function textIn(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replaceAll(/[\p{C}\ufffd]+/gu, " ")
    .trim();
}
