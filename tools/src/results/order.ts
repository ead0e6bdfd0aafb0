import { createRandom } from "@slbench/client";

/**
 * Repetition by repetition, each in its own order drawn from the seed (Fisher and Yates), so that a slow drift of the
 * machine affects all conditions equally. The same seed gives the same order.
 */
export function interleave<T extends { readonly repetition: number }>(
  cells: readonly T[],
  seed: number,
): readonly T[] {
  const random = createRandom(seed);
  const repetitions = [...new Set(cells.map(({ repetition }) => repetition))].sort((a, b) => a - b);
  return repetitions.flatMap((repetition) =>
    shuffle(
      cells.filter((cell) => cell.repetition === repetition),
      random,
    ),
  );
}

function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
