import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toSignedBytes } from "./onnx-integer-model.ts";
import { type Convolution, readSsdWeights } from "./ssd-weights.ts";

/** Of bytes to values between convolutions. */
const STEP = 6 / 255;

/** The channels' filters, each in ONNX's order: one input, so the place of a tap is its place in TensorFlow's order. */
const channels = (part: Convolution) =>
  Array.from({ length: part.bias.length }, (_, o) => {
    const { bytes, zero, steps } = part.stored as NonNullable<Convolution["stored"]>;
    const step = steps[steps.length === 1 ? 0 : o] as number;
    const taps = bytes.filter((_byte, i) => i % part.bias.length === o);
    return Array.from(taps, (byte) => (byte - zero) * step);
  });

const arbitrary = fc
  .record({
    outputs: fc.integer({ min: 1, max: 5 }),
    zero: fc.integer({ min: 0, max: 255 }),
  })
  .chain(({ outputs, zero }) =>
    fc.record({
      zero: fc.constant(zero),
      bytes: fc.uint8Array({ minLength: 9 * outputs, maxLength: 9 * outputs }),
      steps: fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), {
        minLength: outputs,
        maxLength: outputs,
      }),
      bias: fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: outputs, maxLength: outputs }),
    }),
  )
  .map(
    ({ zero, bytes, steps, bias }): Convolution => ({
      shape: [3, 3, bias.length, 1],
      filter: new Float32Array(bytes.length),
      bias: Float32Array.from(bias),
      stored: { bytes, zero, steps: Float32Array.from(steps) },
    }),
  );

describe("toSignedBytes()", () => {
  test("keeps each weight to a step, the sum of a channel to a step, and its bias", () => {
    fc.assert(
      fc.property(arbitrary, (part) => {
        const { filter, steps, bias } = toSignedBytes(part);
        channels(part).forEach((weights, o) => {
          const step = steps[o] as number;
          const kept = Array.from(filter.subarray(o * 9, o * 9 + 9), (weight) => weight * step);
          const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
          const slack = 1e-5 * (step + Math.max(...weights.map(Math.abs)));
          weights.forEach((weight, k) => {
            expect(Math.abs((kept[k] as number) - weight)).toBeLessThanOrEqual(step + slack);
          });
          expect(Math.abs(sum(kept) - sum(weights))).toBeLessThanOrEqual(step + slack);
          const unit = step * STEP;
          expect(Math.abs((bias[o] as number) * unit - (part.bias[o] as number))).toBeLessThanOrEqual(
            unit / 2 + 1e-5,
          );
        });
      }),
    );
  });

  test("keeps the packaged weights exactly, but for 1 to 4 channels of a convolution", async () => {
    const { pairs, extras } = await readSsdWeights();
    let changedInAll = 0;
    for (const part of [...pairs.flatMap(({ depthwise, pointwise }) => [depthwise, pointwise]), ...extras]) {
      const { filter, steps } = toSignedBytes(part);
      const { bytes, zero, steps: own } = part.stored as NonNullable<Convolution["stored"]>;
      const outputs = steps.length;
      const [height = 1, width = 1] = part.shape;
      const taps = height * width;
      const inputs = filter.length / outputs / taps;
      let changed = 0;
      for (let o = 0; o < outputs; o++) {
        const step = own[own.length === 1 ? 0 : o] as number;
        if (Math.fround(Math.abs(step)) !== steps[o]) {
          changed++;
          continue;
        }
        let wrong = 0;
        for (let input = 0; input < inputs; input++)
          for (let tap = 0; tap < taps; tap++) {
            const byte = bytes[(tap * inputs + input) * outputs + o] as number;
            if (filter[(o * inputs + input) * taps + tap] !== (byte - zero) * Math.sign(step)) wrong++;
          }
        expect(wrong).toBe(0);
      }
      expect(changed).toBeLessThanOrEqual(4);
      changedInAll += changed;
    }
    expect(changedInAll).toBeGreaterThan(0);
  });

  test("refuses a filter that is not stored in bytes", () => {
    const part = { shape: [1, 1, 1, 1], filter: Float32Array.of(1), bias: Float32Array.of(0) };
    expect(() => toSignedBytes(part)).toThrow("not stored in bytes");
  });
});
