/** A scored rectangle in any unit. */
export interface Candidate {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly score: number;
}

/** Greedy non-maximum suppression: best first, dropping those that overlap a better one by more than `limit` (IoU). */
export function suppressOverlaps(
  candidates: readonly Candidate[],
  maxCount: number,
  limit: number,
): readonly Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    if (kept.length >= maxCount) break;
    if (kept.every((better) => overlap(candidate, better) <= limit)) kept.push(candidate);
  }
  return kept;
}

/** Intersection over union, 0..1. */
export function overlap(a: Candidate, b: Candidate): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const area = (c: Candidate) => (c.right - c.left) * (c.bottom - c.top);
  return (width * height) / (area(a) + area(b) - width * height);
}
