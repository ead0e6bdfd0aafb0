import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/**
 * `1,6` → 1, 6.
 * @throws {SlbenchError} REPRODUCE_USERS
 */
export function parseUsers(text: string): readonly number[] {
  const users = text.split(",").map(Number);
  if (users.every((count) => Number.isInteger(count) && count > 0 && count <= 10_000)) return users;
  throw new SlbenchError<ToolErrorCode>(
    "REPRODUCE_USERS",
    `--users ${text.slice(0, 80)} is no list of users`,
    {
      hint: "write whole numbers: --users 1,6",
      exitCode: 2,
    },
  );
}
