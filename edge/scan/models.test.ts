import test from "ava";
import type { IdentityPlace } from "../../config/identity.ts";
import type { QueryAnswer } from "../../drivers/query.ts";
import { type Model, namedModels, tellingPlaces, toldModels } from "./models.ts";

function model(place: Partial<IdentityPlace>): Model {
  const usual = {
    area: "holding",
    address: 100,
    type: "uint16",
    order: "ABCD",
    length: 0,
  } as const;
  return {
    name: "m",
    identity: { names: null, place: { ...usual, values: [], mask: null, ...place } },
  };
}

function isTold(place: Partial<IdentityPlace>, answer: QueryAnswer): boolean {
  const models = [model(place)];
  return toldModels({ query: { kind: "server-id" }, models }, answer).length === 1;
}

const registers = (...registers: number[]): QueryAnswer => ({ kind: "registers", registers });

test("a value tells a model where it is one of those that the profile names", (t) => {
  t.true(isTold({ values: [1, 2] }, registers(2)));
  t.false(isTold({ values: [1, 2] }, registers(3)));
  t.true(isTold({ values: [-1], type: "int16" }, registers(0xffff)));
  t.true(isTold({ values: [0x1_0002], type: "uint32" }, registers(1, 2)));
  t.true(isTold({ values: [0x1_0002], type: "uint32", order: "CDAB" }, registers(2, 1)));
  t.true(isTold({ values: ["AB"], type: "string", length: 2 }, registers(0x4142, 0x2020)));
  t.false(isTold({ values: ["AB"], type: "string", length: 1 }, registers(0x4143)));
  t.true(isTold({ values: [1], area: "coil", type: "bool" }, { kind: "bits", bits: [true] }));
});

test("with a mask only its bits are compared", (t) => {
  const masked = { values: [0x2600], mask: 0xff00 };
  t.true(isTold(masked, registers(0x2612)));
  t.false(isTold(masked, registers(0x2712)));
  t.true(
    isTold(
      { ...masked, mask: 0x8000_0000, values: [0x8000_0000], type: "uint32" },
      registers(0x8001, 5),
    ),
  );
});

test("an answer of another kind tells nothing", (t) => {
  t.false(isTold({ values: [0] }, { kind: "returned" }));
});

test("vendor and product must both fit, in either case of letters", (t) => {
  const models: readonly Model[] = [
    { name: "both", identity: { names: { vendor: "ACME", product: "lx" }, place: null } },
    { name: "other", identity: { names: { vendor: "acme", product: "zz" }, place: null } },
  ];
  const identity = { vendor: "Acme Ltd", product: "LX-9", revision: null, serverId: null };
  t.deepEqual(namedModels(identity, models), ["both"]);
});

test("a model that asks for names and a register is told by its register only under its names", (t) => {
  const [plain] = [model({ values: [1] })];
  const strict: Model = {
    name: "strict",
    identity: { ...plain.identity, names: { vendor: "acme", product: null } },
  };
  const acme = { vendor: "Acme", product: null, revision: null, serverId: null };
  t.deepEqual(namedModels(acme, [strict]), []);
  t.is(tellingPlaces(acme, [plain, strict])[0]?.models.length, 2);
  t.is(tellingPlaces(null, [plain, strict])[0]?.models.length, 1);
});

test("a place that two models share is read once", (t) => {
  const places = tellingPlaces(null, [model({}), model({}), model({ type: "uint32" })]);
  t.deepEqual(
    places.map(({ query, models }) => [query.kind === "place" && query.count, models.length]),
    [
      [1, 2],
      [2, 1],
    ],
  );
});
