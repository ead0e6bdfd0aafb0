import { SlbenchError, type ToolErrorCode } from "../errors.ts";

const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"] as const;

/** Platform of an executable, in Node's notation. */
export type Platform = (typeof PLATFORMS)[number] | "win32-x64" | "win32-arm64";

export function hostPlatform(): Platform {
  return `${process.platform}-${process.arch}` as Platform;
}

/** @throws {SlbenchError} USAGE_PLATFORM */
export function parsePlatform(text: string): Platform {
  const found = PLATFORMS.find((platform) => platform === text);
  if (found !== undefined) return found;
  throw new SlbenchError<ToolErrorCode>("USAGE_PLATFORM", `--platform is "${text}"`, {
    hint: `give one of ${PLATFORMS.join(", ")}`,
    exitCode: 2,
  });
}

/**
 * The platform of `uname -sm`.
 * @throws {SlbenchError} RUN_WORKER_PLATFORM if slbench has no worker for it
 */
export function platformOfUname(text: string): Platform {
  const [system = "", machine = ""] = text.trim().toLowerCase().split(/\s+/);
  const cpu = { x86_64: "x64", amd64: "x64", aarch64: "arm64", arm64: "arm64" }[machine];
  const found = PLATFORMS.find((platform) => platform === `${system}-${cpu}`);
  if (found !== undefined) return found;
  throw new SlbenchError<ToolErrorCode>(
    "RUN_WORKER_PLATFORM",
    `unsupported platform of the worker: "${text.trim()}"`,
    {
      hint: `use a worker with one of ${PLATFORMS.join(", ")}`,
    },
  );
}
