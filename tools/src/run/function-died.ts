import type { FunctionUnderTest } from "../environment/function.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** The error if the function under test ended by itself. @param how it ended, in parentheses */
export function functionDied({ output }: FunctionUnderTest, how: string, next: string): SlbenchError {
  const printed = output?.();
  const seen =
    printed === undefined ? "see what it printed above; " : printed && `see its output: ${printed}; `;
  return new SlbenchError<ToolErrorCode>("RUN_FUNCTION_DIED", `the function ended by itself ${how}`, {
    hint: `${seen}${next}`,
    exitCode: 3,
  });
}
