import { CHANGE_USERS } from "./changes.ts";
import { type Claim, type Finding, judgeClaim } from "./claims.ts";
import { SCENARIOS } from "./scenarios.ts";
import { CHANGE_COLUMNS, type Column, SECTIONS, UNSTEADY_ALARMS } from "./sections.ts";
import type { SuiteResult } from "./suite.ts";
import type { Count } from "./tally.ts";

/** One cell of the tables. */
export interface Judged {
  readonly section: string;
  /** Name of the scenario, or number of users. */
  readonly row: string;
  readonly column: string;
  readonly count: Count;
  readonly finding: Finding;
}

export const CHANGES_TITLE = "Changes within a run: power";

/** Judges every count, in the order of the tables; a scenario need not have all counts. */
export function judgeAll({ scenarios, changes }: SuiteResult): readonly Judged[] {
  const judged = (section: string, row: string, column: string, claim: Claim, count: Count | undefined) =>
    count === undefined ? [] : [{ section, row, column, count, finding: judgeClaim(claim, count) }];
  return [
    ...SECTIONS.flatMap(({ title, columns }) =>
      [...scenarios].flatMap(([name, counts]) =>
        columns.flatMap((column) =>
          judged(title, name, column.head, claimOf(column, name), counts.get(column.count)),
        ),
      ),
    ),
    ...CHANGE_USERS.flatMap((users) =>
      CHANGE_COLUMNS.flatMap(({ head, claim, count }) =>
        judged(CHANGES_TITLE, String(users), head, claim, changes.get(count(users))),
      ),
    ),
  ];
}

function claimOf(column: Column, scenarioName: string): Claim {
  const scenario = SCENARIOS.find(({ name }) => name === scenarioName);
  return column.count === "false alarm" && scenario?.isUnsteady ? UNSTEADY_ALARMS : column.claim;
}
