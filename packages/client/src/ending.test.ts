import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { parseJournal } from "./report/parse-journal.ts";
import { drawPicture, toJpeg } from "./testing/pictures.ts";
import { RUNTIMES, type Started, startClient } from "./testing/processes.ts";
import { slblurArgs } from "./testing/request-file.ts";
import { type ScenarioServer, startScenarioServer } from "./testing/scenario-server.ts";

const root = mkdtempSync(join(tmpdir(), "slbench-ending-"));
const frames = mkdtempSync(join(root, "frames-"));
for (const name of ["1.jpg", "2.jpg"]) writeFileSync(join(frames, name), toJpeg(drawPicture(320, 240)));
let server: ScenarioServer;
/** Accepts connections and sends nothing, so that no TLS handshake completes. */
let silent: Server;
let accepted = 0;
beforeAll(async () => {
  server = await startScenarioServer();
  silent = createServer((socket) => {
    accepted++;
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await server.close();
  silent.close();
  rmSync(root, { recursive: true });
});

/** Waits for a condition; the test's own time limit ends a hopeless wait. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

let files = 0;
const newJournal = () => join(root, `${++files}.jsonl`);
const journalOf = (file: string) => {
  try {
    return parseJournal(readFileSync(file, "utf8"));
  } catch {
    return parseJournal("");
  }
};

/** What a client may be doing when it has to end. */
const DOINGS: readonly {
  readonly doing: string;
  readonly args: (journal: string) => readonly string[];
  /** Whether it has got that far. */
  readonly ready: (journal: string, before: { readonly asked: number; readonly accepted: number }) => boolean;
  readonly unread?: boolean;
  /** Fewest requests in flight. */
  readonly unanswered?: number;
}[] = [
  {
    doing: "thinking",
    args: (journal) => [
      ...slblurArgs(`${server.origin}/ok`, frames, { timeoutSeconds: 600 }),
      "--think-time",
      "600",
      "--journal",
      journal,
    ],
    ready: (journal) => journalOf(journal).requests.length === 1,
  },
  {
    doing: "waiting for a response",
    args: () => [...slblurArgs(`${server.origin}/never`, frames, { timeoutSeconds: 600 })],
    ready: (_, { asked }) => server.requests.length > asked,
    unanswered: 1,
  },
  {
    doing: "reading a response",
    args: () => [...slblurArgs(`${server.origin}/trickle`, frames, { timeoutSeconds: 600 })],
    ready: (_, { asked }) => server.requests.length > asked,
  },
  {
    doing: "connecting",
    args: () => [
      ...slblurArgs(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/`, frames, {
        timeoutSeconds: 600,
      }),
    ],
    ready: (_, { accepted: before }) => accepted > before,
  },
  {
    doing: "sending as fast as it can, with checks",
    args: (journal) => [
      ...slblurArgs(`${server.origin}/ok`, frames, { timeoutSeconds: 600 }),
      "--count",
      "100000",
      "--verify",
      "--journal",
      journal,
    ],
    ready: (journal) => journalOf(journal).requests.length > 2,
  },
  {
    doing: "many requests of an open loop",
    args: () => [
      ...slblurArgs(`${server.origin}/never`, frames, { timeoutSeconds: 600 }),
      "--rate",
      "200",
      "--count",
      "1000",
    ],
    ready: (_, { asked }) => server.requests.length > asked + 20,
    unanswered: 20,
  },
  {
    doing: "printing to a pipe without a reader",
    args: (journal) => [
      ...slblurArgs(`${server.origin}/ok`, frames, { timeoutSeconds: 600 }),
      "--count",
      "600",
      "--journal",
      journal,
    ],
    ready: (journal) => journalOf(journal).ended,
    unread: true,
  },
];

describe.each(RUNTIMES)("the end of a client under $name", { timeout: 30_000 }, (runtime) => {
  const start = async (doing: (typeof DOINGS)[number]): Promise<Started> => {
    const journal = newJournal();
    const before = { asked: server.requests.length, accepted };
    const started = startClient(runtime, doing.args(journal), {
      unread: doing.unread ?? false,
    });
    await until(() => doing.ready(journal, before));
    return started;
  };

  test.each(DOINGS)("comes if its reader goes away while it is $doing", async (doing) => {
    // What Java's Process.destroy() does, and so JMeter when its time limit is over.
    const { child, finished } = await start(doing);
    child.kill("SIGTERM");
    child.stdout?.destroy();
    child.stderr?.destroy();
    const { exitCode, signal } = await finished;
    expect(exitCode !== null || signal !== null).toBe(true);
    expect(() => process.kill(child.pid as number, 0)).toThrow(expect.objectContaining({ code: "ESRCH" }));
  });

  test.each(DOINGS.filter(({ unread }) => !unread))(
    "comes with a report on SIGTERM while it is $doing",
    async (doing) => {
      const { child, finished } = await start(doing);
      child.kill("SIGTERM");
      const { exitCode, stderr, report } = await finished;
      expect(exitCode).toBe(0);
      expect(report?.cutShort).toBe("SIGTERM");
      const unfinished = report?.unfinished ?? [];
      if (unfinished.length === 0) expect(stderr).toBe("");
      else
        expect(stderr).toMatch(
          /^slbench-client: ended with \d+ requests? without a response, after up to [\d.]+ s\n/,
        );
      expect(unfinished.length).toBeGreaterThanOrEqual(doing.unanswered ?? 0);
      expect(report?.requests.length).toBeLessThan(report?.plannedRequests ?? 0);
    },
  );

  // Deno writes to a pipe in the thread that runs handlers; nothing but SIGKILL moves it then.
  it.skipIf(runtime.name === "deno")(
    "comes on SIGTERM even if the pipe is neither read nor closed",
    async () => {
      const doing = DOINGS.find(({ unread }) => unread);
      const { child, finished } = await start(doing as (typeof DOINGS)[number]);
      child.kill("SIGTERM");
      expect((await finished).signal).toBe("SIGKILL");
    },
  );

  it("is not caused by a deadline above a timer's limit", async () => {
    const args = [...slblurArgs(`${server.origin}/ok`, frames), "--deadline", "600000000"];
    const { exitCode, report, stderr } = await startClient(runtime, args).finished;
    expect([exitCode, report?.cutShort, report?.requests.length, stderr]).toEqual([0, undefined, 2, ""]);
  });

  it("comes by itself after --deadline, with a report", async () => {
    const args = [
      ...slblurArgs(`${server.origin}/never`, frames, { timeoutSeconds: 600 }),
      "--deadline",
      "0.5",
    ];
    const { exitCode, report } = await startClient(runtime, args).finished;
    expect([exitCode, report?.cutShort, report?.requests]).toEqual([0, "deadline", []]);
    expect(report?.unfinished).toMatchObject([{ sequence: 1 }]);
    const { startEpochMicros = 0, waitedSeconds = 0 } = report?.unfinished?.[0] ?? {};
    const endMicros = startEpochMicros + waitedSeconds * 1e6;
    expect(Math.abs(endMicros - (report?.endedEpochMicros ?? 0))).toBeLessThan(300_000);
  });

  it("comes at once if the deadline has passed, without a warning", async () => {
    const args = [...slblurArgs(`${server.origin}/never`, frames), "--deadline", "0.001"];
    const { exitCode, report, stderr } = await startClient(runtime, args).finished;
    expect([exitCode, report?.cutShort]).toEqual([0, "deadline"]);
    expect(stderr).not.toMatch(/warning/i);
  });

  it("leaves a journal that is complete up to the last finished request after kill -9", async () => {
    const journal = newJournal();
    const askedBefore = server.requests.length;
    const args = [...slblurArgs(`${server.origin}/ok`, frames), "--count", "100000", "--journal", journal];
    const { child, finished } = startClient(runtime, args);
    await until(() => journalOf(journal).requests.length > 20);
    child.kill("SIGKILL");
    expect(await finished).toMatchObject({ signal: "SIGKILL", stdout: "" });
    const { head, requests: rows, ended, problems } = journalOf(journal);
    const asked = server.requests.length - askedBefore;
    expect(head?.plannedRequests).toBe(100_000);
    expect([ended, problems]).toEqual([false, []]);
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1));
    // everything except the request in flight
    expect(asked - rows.length).toBeLessThanOrEqual(1);
  });

  it("comes with the finished requests if a payload disappears", async () => {
    const shrinking = mkdtempSync(join(root, "shrinking-"));
    for (const name of ["1.jpg", "2.jpg"]) writeFileSync(join(shrinking, name), "x");
    const journal = newJournal();
    const args = [...slblurArgs(`${server.origin}/ok`, shrinking), "--count", "100000", "--journal", journal];
    const { finished } = startClient(runtime, args);
    await until(() => journalOf(journal).requests.length > 0);
    rmSync(join(shrinking, "2.jpg"));
    const { exitCode, stderr, report } = await finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^slbench-client: cannot read payload 2\.jpg/);
    expect(report?.cutShort).toBe("CLIENT_BAD_PAYLOAD");
    expect(report?.requests.length).toBe(journalOf(journal).requests.length);
  });
});
