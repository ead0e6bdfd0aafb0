import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Condition } from "@slbench/client/condition";
import type { ExpectedLoad } from "@slbench/jmeter-plans";
import type { HostInfo } from "../environment/machine.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { exists } from "../files/exists.ts";
import { makeFolder } from "../files/make-folder.ts";
import { checkContents, writeInside } from "../files/output-file.ts";
import { parseRunRecord, RESUMABLE_FIELDS } from "./check-record.ts";

/** Something about a run that needs attention. docs/errors.md lists the codes. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The cell's name, `u04-t1-r1`; absent if it is about the whole run. */
  readonly cell?: string;
}

/**
 * `complete`: every worker reported its end and the result file is whole. `ended-early`: a search ended it, because it
 * could not keep the goal any more. `incomplete`: some data is missing. `failed`: nothing was measured. `interrupted`: a
 * user or a signal ended it.
 */
export type CellState = "complete" | "ended-early" | "incomplete" | "failed" | "interrupted";

/** Whether a cell needs no further run. */
export const isDone = ({ state }: { readonly state: string }): boolean =>
  state === "complete" || state === "ended-early";

/** A cell in run.json: `planned` until it has been run. */
export interface RunCell {
  readonly name: string;
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** The distribution of drawn think times. */
  readonly thinkTime?: string;
  /** Open loop: requests per second of all users together, and how they are spaced. */
  readonly ratePerSecond?: number;
  readonly process?: NonNullable<Condition["process"]>;
  /** Of the local function, in a search for replicas. */
  readonly replicaCount?: number;
  readonly repetition: number;
  readonly state: "planned" | "running" | CellState;
}

/** What load to expect of each closed-loop condition: `expectedLoad` of run.json. */
export interface LoadForecast {
  /** The shortest round trip seen: a lower bound of the response time. */
  readonly responseSeconds: number;
  readonly conditions: readonly ExpectedCondition[];
}

export interface ExpectedCondition
  extends ExpectedLoad,
    Pick<Condition, "users" | "thinkTimeSeconds" | "thinkTime"> {}

/** The state of a search, in its result folder. */
export const FIND_FILE = "find.json";

/** What `slbench find` looks for: `find` of run.json. */
export interface FindRequest {
  readonly goal: string;
  readonly for: "users" | "rate" | "replicas";
  /** Of every run, in a search for replicas. */
  readonly users?: number;
  /** Of the whole answer, 0.5..1. */
  readonly confidence: number;
  /** As given: `1` (users, or requests per second), or `5%`. */
  readonly tolerance: string;
  /** Time for all runs. */
  readonly budgetSeconds: number;
  /** The first number of users, rate, or number of replicas. */
  readonly start: number;
  /** The greatest one to try; absent, which it never is for replicas: as many as the load generators hold. */
  readonly max?: number;
  /** One step of the search: 1 user, so many requests per second, or 1 replica. */
  readonly step: number;
  /** Folders of earlier results that it begins with. */
  readonly with?: readonly string[];
}

/** run.json, schema `slbench.run/2`: docs/data-formats.md. */
export interface RunRecord {
  readonly schema: "slbench.run/2";
  readonly experiment: string;
  /** Path of the experiment file: relative paths in it start at its folder. */
  readonly experimentFile: string;
  readonly state: "running" | "complete" | "incomplete" | "interrupted";
  readonly started: string;
  /** When the run was resumed. */
  readonly resumed?: readonly string[];
  readonly ended?: string;
  /** Absent if users send for a time. */
  readonly requestsPerUser?: number;
  readonly durationSeconds?: number;
  readonly seed: number;
  readonly order: "random" | "as-written";
  /** As `load.start` of the experiment; absent in results of older versions. */
  readonly start?: string;
  /** What the plan lets expect of each closed-loop condition; absent in results of older versions. */
  readonly expectedLoad?: LoadForecast;
  /** Absent unless `slbench find` made it. */
  readonly find?: FindRequest;
  readonly function: {
    readonly url: string;
    readonly local: boolean;
    /** How slbench hosted a local function, in words; absent in results of older versions. */
    readonly hosting?: string;
  };
  readonly backend?: string;
  readonly payloads: {
    /** Folder or text file; absent if requests carry no payload. */
    readonly folder?: string;
    readonly count: number;
    /** One hash over all payloads, and that of the video that they were cut from. */
    readonly sha256?: string;
    readonly videoSha256?: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly hosts: readonly HostInfo[];
  /** In the order in which they are run. */
  readonly cells: readonly RunCell[];
  readonly warnings: readonly Warning[];
}

/** `20261123-143548`, local time. */
export function timestampName(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

/** Makes `<parent>/<experiment>-<time>` (with `-2`, … if that exists) and returns its path. */
export async function createResultFolder(parent: string, experiment: string, now: Date): Promise<string> {
  await makeFolder(parent);
  try {
    for (let n = 1; ; n++) {
      const folder = join(parent, `${experiment}-${timestampName(now)}${n === 1 ? "" : `-${n}`}`);
      try {
        await mkdir(folder);
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  } catch (cause) {
    throw new SlbenchError<ToolErrorCode>("FILE_NOT_WRITABLE", `cannot make a result folder in ${parent}`, {
      hint: "choose a writable folder: --out DIR",
      cause,
    });
  }
}

/** Writes JSON atomically: a reader sees the old file or the new one. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeInside(dirname(file), basename(file), `${JSON.stringify(value, null, 2)}\n`);
}

/** A cell's name is that of a folder below cells/, which is moved and made again on --resume. */
const CELL_NAME = /^\w[\w-]*$/;

/** @throws {SlbenchError} FILE_NO_RESULT if the folder holds no run.json of slbench; FILE_LINK, FILE_SPECIAL */
export async function readRunRecord(folder: string): Promise<RunRecord> {
  const hint = "name a folder that slbench run made, for example results/quick-20260101-120000";
  if (await exists(folder)) await checkContents(folder);
  const file = join(folder, "run.json");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${folder} holds no readable run.json`, {
      hint,
      exitCode: 2,
      cause,
    });
  });
  const record = parseRunRecord<RunRecord>(text, file, hint);
  if (record.schema !== "slbench.run/2") {
    throw new SlbenchError<ToolErrorCode>(
      "FILE_NO_RESULT",
      `${folder}/run.json has schema ${record.schema}`,
      {
        hint,
        exitCode: 2,
      },
    );
  }
  const cells = record.cells ?? [];
  const strange = cells.find(({ name }) => !CELL_NAME.test(name));
  if (cells.length > 0 && strange === undefined)
    return parseRunRecord<RunRecord>(text, file, hint, RESUMABLE_FIELDS) as RunRecord;
  const what = strange === undefined ? "lists no cells" : `has a cell named ${JSON.stringify(strange.name)}`;
  throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${folder}/run.json ${what}`, {
    hint,
    exitCode: 2,
  });
}
