import fc from "fast-check";
import { expect, it } from "vitest";
import { EventHeap } from "./event-heap.ts";

it("returns events by time, equal times by number", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 }), (times) => {
      const heap = new EventHeap();
      for (const [id, time] of times.entries()) heap.push(time, id);
      const found: [number, number][] = [];
      for (; heap.size > 0; heap.pop()) found.push([heap.time, heap.id]);
      const sorted = times
        .map((time, id): [number, number] => [time, id])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(found).toEqual(sorted);
      expect(heap.time).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});
