import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Guard, startGuard } from "../process/guard.ts";
import { startFunctionCommand } from "./function-command.ts";

let guard: Guard;
beforeAll(() => {
  guard = startGuard();
});
afterAll(() => guard.release());

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

const start = (command: readonly string[], port: number) =>
  startFunctionCommand(command, `http://127.0.0.1:${port}/`, tmpdir(), guard);

describe.skipIf(process.platform !== "linux")("startFunctionCommand()", () => {
  test("waits until the function accepts connections", async () => {
    const port = await freePort();
    const source = `setTimeout(() => require("http").createServer((q, r) => r.end("hi")).listen(${port}, "127.0.0.1"), 300)`;
    const child = await start([process.execPath, "-e", source], port);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("hi");
    await child.stop();
  });

  test("reports a command that ends, with its output", async () => {
    const failed = start(
      [process.execPath, "-e", 'console.error("no module"); process.exit(3)'],
      await freePort(),
    );
    await expect(failed).rejects.toMatchObject({
      code: "RUN_FUNCTION_NOT_READY",
      message: expect.stringContaining("exit code 3"),
      hint: expect.stringContaining("no module"),
    });
  });

  test("reports a command that does not exist", async () => {
    await expect(start(["/no/such/program"], await freePort())).rejects.toMatchObject({
      code: "RUN_FUNCTION_NOT_READY",
      message: expect.stringContaining("cannot be started"),
    });
  });

  test("rejects a port at which something listens", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    await expect(start(["true"], port)).rejects.toMatchObject({ code: "RUN_FUNCTION_PORT" });
    server.close();
  });
});
