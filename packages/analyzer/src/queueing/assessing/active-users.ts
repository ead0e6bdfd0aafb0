import { formatActiveUsers, isUnderloaded } from "../../summary/active-users.ts";
import type { ModelCell } from "../fitting/observation.ts";
import type { Caveat } from "./verdict.ts";

/**
 * Notes about cells with too few users active together. The verdict does not depend on them: the fit simulates when users
 * start and end.
 */
export function checkActiveUsers(cells: readonly ModelCell[]): readonly Caveat[] {
  return cells.filter(isUnderloaded).map((cell) => ({
    level: "note",
    reason: `The cell with think time ${cell.thinkTimeSeconds} s and ${cell.users} users was measured with fewer: only ${formatActiveUsers(cell)} were active on average. Start the users faster, or send more requests per client.`,
  }));
}
