import { expect, test } from "vitest";
import { checkActiveUsers } from "./active-users.ts";

test.each([
  ["keeps quiet about users that are active together", 7.3, undefined],
  ["notes less than 0.9 of the users", 7.1, "note"],
  ["notes users that hardly ever meet", 0.8, "note"],
  ["keeps quiet if it is not known", undefined, undefined],
])("checkActiveUsers() %s", (_, active, level) => {
  const cell = { users: 8, thinkTimeSeconds: 1, clients: [] };
  const [caveat] = checkActiveUsers([{ ...cell, ...(active !== undefined && { meanActiveUsers: active }) }]);
  expect(caveat?.level).toBe(level);
  if (level !== undefined)
    expect(caveat?.reason).toContain(`only ${active?.toFixed(2)} of 8 users were active on average`);
});
