import test from "ava";
import { Random } from "../test-rigs/sim/random.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readPlanes, writePlanes } from "./planes.ts";

/** What `values` become: the bytes for a compressor, and those it is spared. */
function written(values: readonly number[]) {
  const out = { plain: new ByteWriter(), noise: new ByteWriter() };
  writePlanes(out, values);
  return { plain: out.plain.taken(), noise: out.noise.taken() };
}

function roundTrip(values: readonly number[]): readonly number[] {
  const { plain, noise } = written(values);
  return readPlanes({ plain: new ByteReader(plain), noise: new ByteReader(noise) }, values.length);
}

test("numbers of every width come back, and none at all", (t) => {
  const powers = Array.from({ length: 53 }, (_, power) => 2 ** power);
  const values = [...powers, ...powers.map((power) => power - 1), 2 ** 53 - 1];
  t.deepEqual(roundTrip(values), values);
  t.deepEqual(roundTrip([]), []);
});

test("numbers that are all zero take one byte", (t) => {
  t.is(written(new Array(1000).fill(0)).plain.length, 1);
});

test("random bytes are told as noise, and those that repeat are not", (t) => {
  const random = new Random(1);
  const values = Array.from(
    { length: 1000 },
    () => 256 * random.integer(0, 3) + random.integer(0, 255),
  );
  const { plain, noise } = written(values);
  t.is(noise.length, 1000);
  t.is(plain.length, 1000 + 2);
  t.deepEqual(roundTrip(values), values);
});

test("a width that no number has is refused with buffer.io", (t) => {
  const input = {
    plain: new ByteReader(Uint8Array.of(8, 0)),
    noise: new ByteReader(new Uint8Array()),
  };
  t.throws(() => readPlanes(input, 1), { code: "buffer.io" });
});
