import { INK } from "./svg.ts";

const text = { color: INK, fontSize: 12 };

/** A value axis in the page's colours, its name and unit along it. */
export function valueAxis(name: string, gap: number, more: object = {}): object {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: gap,
    min: 0,
    nameTextStyle: text,
    axisLabel: text,
    axisLine: { show: true, lineStyle: { color: INK } },
    axisTick: { lineStyle: { color: INK } },
    splitLine: { lineStyle: { color: INK, opacity: 0.12 } },
    ...more,
  };
}

/** An axis of names. */
export function nameAxis(name: string, gap: number, data: readonly string[]): object {
  return { ...valueAxis(name, gap), type: "category", min: undefined, data, splitLine: { show: false } };
}

export const title = (words: string, more: object = {}): object => ({
  text: words,
  left: "center",
  textStyle: { color: INK, fontSize: 14, fontWeight: "bold" },
  subtextStyle: { color: INK },
  ...more,
});

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 × a power of ten: an axis that ends at a number people read. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value) ?? 10;
  return Number((step * power).toPrecision(2));
}
