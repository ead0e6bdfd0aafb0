import { formatActiveUsers, isUnderloaded } from "../../summary/active-users.ts";
import type { ModelCell } from "../fitting/observation.ts";
import type { Caveat } from "./verdict.ts";

/** From this share on, a cell with too few active users costs caution only. */
const HALF_ACTIVE = 0.5;

/** Caveats about cells with too few users active together: the fit takes them for cells of all users. */
export function checkActiveUsers(cells: readonly ModelCell[]): readonly Caveat[] {
  return cells.filter(isUnderloaded).map((cell) => ({
    level: (cell.meanActiveUsers ?? 0) < HALF_ACTIVE * cell.users ? "do not trust" : "caution",
    reason: `The cell with think time ${cell.thinkTimeSeconds} s and ${cell.users} users was measured with fewer: only ${formatActiveUsers(cell)} were active on average. Start the users faster, or send more requests per client.`,
  }));
}
