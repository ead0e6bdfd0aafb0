import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { markdownTable, ratioVerdict, verdict } from "../lib/record.ts";
import { formatRatio, type MedianInterval, median, nearestRank, ratios } from "../lib/statistics.ts";
import { type Program, post } from "./measure.ts";

/** A server of the function. */
export interface Server {
  readonly name: string;
  readonly url: string;
  readonly program: Program;
}

const USERS = [1, 2, 4, 8];
/** By users: least ratio of requests per second to Python on TensorFlow's; 1.11 is 0.9 of its time per request. */
const GOALS: ReadonlyMap<number, number> = new Map([
  [1, 1.11],
  [4, 1.2],
]);
/** Also the size of a response's picture, so that no server can be fast by doing less. */
const MIN_RESPONSE_BYTES = 50_000;

/** One server under one number of users, for one turn. */
interface Turn {
  readonly perSecond: number;
  readonly roundTripsMs: readonly number[];
  readonly cpuMsPerRequest: number;
}

/** Users who send the next request when the response is there, for some seconds. */
async function load(
  { url, program }: Server,
  users: number,
  body: Uint8Array,
  seconds: number,
): Promise<Turn> {
  const cpuBefore = cpuMs(program);
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const roundTripsMs: number[] = [];
  const user = async () => {
    while (performance.now() < end) {
      const { ms, body: picture } = await post(url, body, {
        accept: "image/jpeg",
        "content-type": "image/jpeg",
      });
      if (picture.length < MIN_RESPONSE_BYTES) throw new Error(`${url} sent ${picture.length} bytes`);
      roundTripsMs.push(ms);
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  return {
    perSecond: roundTripsMs.length / ((performance.now() - begin) / 1000),
    roundTripsMs,
    cpuMsPerRequest: (cpuMs(program) - cpuBefore) / roundTripsMs.length,
  };
}

/** Processor time of a process and its threads; NaN if the system does not report it. */
function cpuMs({ child }: Program): number {
  try {
    // After the name in brackets: state is field 3, utime 14, stime 15, in hundredths of a second.
    const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

/** Peak resident memory of a process, MB; NaN if the system does not report it. */
function peakMB({ child }: Program): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
    return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/**
 * All servers in turn, round by round, with 1 to 8 users; the first server is compared with the others.
 * @returns a table, and how many goals are missed
 */
export async function compareUsers(
  servers: readonly Server[],
  body: Uint8Array,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<{ readonly table: string; readonly missed: number }> {
  const turns = new Map<string, Turn[]>();
  const turnsOf = ({ name }: Server, users: number) => turns.get(`${name} ${users}`) as readonly Turn[];
  for (const users of USERS) {
    for (let round = -1; round < rounds; round++) {
      for (const server of servers) {
        const { name } = server;
        const turn = await load(server, users, body, seconds);
        await sleep(100);
        const key = `${name} ${users}`;
        if (round >= 0) turns.set(key, [...(turns.get(key) ?? []), turn]);
      }
    }
  }
  const [own] = servers as [Server];
  let missed = 0;
  const judge = (isMet: boolean) => {
    if (!isMet) missed++;
    return verdict(isMet);
  };
  const judgeRatio = (ratio: MedianInterval, atLeast: number) => {
    if (ratio.high < atLeast) missed++;
    return ratioVerdict(ratio, { atLeast });
  };
  const rows = USERS.flatMap((users) =>
    servers.map((server) => {
      const all = turnsOf(server, users);
      const speeds = all.map(({ perSecond }) => perSecond);
      const times = all.flatMap(({ roundTripsMs }) => roundTripsMs);
      const ratio = ratios(
        turnsOf(own, users).map(({ perSecond }) => perSecond),
        speeds,
      );
      const goal = server.name === "Python, TensorFlow" ? GOALS.get(users) : undefined;
      return [
        ...[String(users), server.name, median(speeds).toFixed(1), server === own ? "1" : formatRatio(ratio)],
        ...[median(times).toFixed(0), nearestRank(times, 0.95).toFixed(0)],
        median(all.map(({ cpuMsPerRequest }) => cpuMsPerRequest)).toFixed(0),
        goal === undefined ? "" : `at least ${goal}: ${judgeRatio(ratio, goal)}`,
      ];
    }),
  );
  const memory = servers.map((server) => ({ name: server.name, peak: peakMB(server.program) }));
  const theirs = memory.find(({ name }) => name === "Python, TensorFlow")?.peak ?? Number.NaN;
  const half = judge((memory[0]?.peak ?? Number.NaN) <= theirs / 2);
  const speed = markdownTable([
    [
      "users",
      "server",
      "requests/s",
      "handler ÷ it",
      "median (ms)",
      "p95 (ms)",
      "CPU per request (ms)",
      "goal",
    ],
    ...rows,
  ]);
  const held = markdownTable([
    ["server", "peak memory (MB)", "goal"],
    ...memory.map(({ name, peak }, index) => [
      name,
      peak.toFixed(0),
      index === 0 ? `at most half of TensorFlow's in Python: ${half}` : "",
    ]),
  ]);
  return { table: `${speed}\n\n${held}`, missed };
}
