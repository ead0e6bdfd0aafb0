import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { createPrivateFolder } from "../jmeter/private-folder.ts";

/**
 * Makes a fleet's ssh keys: the controller's, and the host key that all workers share, so that the controller knows it
 * beforehand.
 * @returns file names → contents
 * @throws {SlbenchError} SETUP_TOOL_FAILED
 */
export async function createFleetKeys(): Promise<Readonly<Record<string, string>>> {
  const folder = await createPrivateFolder();
  try {
    for (const key of ["user", "host"]) await makeKey(join(folder, key));
    const files: Record<string, string> = {};
    for (const name of ["user", "user.pub", "host", "host.pub"])
      files[name] = await readFile(join(folder, name), "utf8");
    const [type, key] = files["host.pub"]!.split(" ");
    return { ...files, known_hosts: `slbench-worker ${type} ${key}\n` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeKey(file: string): Promise<void> {
  const args = ["-q", "-t", "ed25519", "-N", "", "-C", "slbench", "-f", file];
  const done = await execa("ssh-keygen", args, { reject: false, stdin: "ignore", timeout: 30_000 });
  if (!done.failed) return;
  throw new SlbenchError<ToolErrorCode>(
    "SETUP_TOOL_FAILED",
    `ssh-keygen failed: ${(done.stderr || done.originalMessage || "").trim().slice(0, 200)}`,
    { hint: "install OpenSSH's client (Debian, Ubuntu: apt-get install openssh-client)", cause: done },
  );
}
