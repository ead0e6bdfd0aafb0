import { SlbenchError } from "@slbench/client/error";

/** What `slbench` itself can be stopped by: docs/errors.md lists every one. */
export type ToolErrorCode =
  `${"SETUP" | "RUN" | "FILE" | "USAGE" | "SERVE" | "FRAMES" | "MODEL" | "REPORT" | "SYSTEM"}_${string}`;

/** An error that a user can fix: main.ts prints message and hint without a stack. */
export const ToolError = SlbenchError<ToolErrorCode>;
export type ToolError = SlbenchError<ToolErrorCode>;

export type { SlbenchErrorOptions as ToolErrorOptions } from "@slbench/client/error";
