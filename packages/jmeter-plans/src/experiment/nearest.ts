/**
 * The candidate that was probably meant: the one with the fewest edits (at most two, or a third of its length),
 * else one that starts with the word or that the word starts with.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const rated = candidates
    .map((candidate) => ({ candidate, edits: editDistance(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const close = rated.find(({ candidate, edits }) => edits <= Math.max(2, candidate.length / 3));
  if (close !== undefined || typed.length < 3) return close?.candidate;
  return rated.find(({ candidate }) => {
    const name = candidate.toLowerCase();
    return name.startsWith(typed) || typed.startsWith(name);
  })?.candidate;
}

/** Levenshtein distance: insertions, deletions, replacements. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
