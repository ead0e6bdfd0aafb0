import { type ArrivalProcess, parseBursts } from "@slbench/client/condition";
import { type PlanErrorCode, SlbenchError } from "../errors.ts";
import { readLiteralText } from "./jmeter-text.ts";
import { type PlanOptions, renderPlan } from "./plan.ts";
import { type PlanSettings, planSettings, settingDifferences } from "./plan-settings.ts";
import { readProcessArgument } from "./windows-argument.ts";

/**
 * Reads a plan that renderPlan() made, also after JMeter's window has saved it again, or with other values for its
 * variables.
 *
 * @returns the options that make this plan
 * @throws {SlbenchError} PLAN_NOT_OURS for a plan of another origin, or one with any other change
 */
export function readPlan(jmx: string): PlanOptions {
  const settings = planSettings(jmx);
  const variables = planVariables(settings);
  const text = (name: string) => {
    const value = variables.get(name);
    if (value === undefined) throw notOurs(`it has no variable ${name}`);
    return readLiteralText(value);
  };
  const number = (name: string) => {
    const value = Number(text(name));
    if (Number.isFinite(value) && text(name).trim() !== "") return value;
    throw notOurs(`its variable ${name} is "${text(name).slice(0, 80)}", not a number`);
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T => {
    const value = allowed.find((candidate) => candidate === text(name));
    if (value !== undefined) return value;
    throw notOurs(`its variable ${name} is "${text(name).slice(0, 80)}", not ${allowed.join(" or ")}`);
  };
  const platform = variables.has("platform") ? oneOf("platform", ["posix", "windows"]) : undefined;
  const argument = (name: string) => readProcessArgument(text(name), platform ?? "posix");
  const named = (setting: string) => readLiteralText(settings.get(setting) ?? "");
  const options: PlanOptions = {
    name: named("TestPlan@testname"),
    users: number("users"),
    workers: number("workers"),
    ...(variables.has("thinkTime") && { thinkTime: text("thinkTime") }),
    ...(variables.has("ratePerSecond") && { ratePerSecond: number("ratePerSecond") }),
    ...(variables.has("process") && { process: arrivalProcess(text("process")) }),
    ...(variables.has("requestsPerUser") && { requestsPerUser: number("requestsPerUser") }),
    ...(variables.has("durationSeconds") && { durationSeconds: number("durationSeconds") }),
    ...(variables.has("startRatePerSecond") && { startRatePerSecond: number("startRatePerSecond") }),
    timeoutSeconds: number("timeoutSeconds"),
    seed: number("seed"),
    ...([...settings.values()].includes("--verify") && { verify: true as const }),
    client: text("client"),
    request: argument("request"),
    ...(variables.has("payloads") && { payloads: argument("payloads") }),
    ...(variables.has("responseFolder") && { responseFolder: text("responseFolder") }),
    ...(variables.has("journalFolder") && { journalFolder: text("journalFolder") }),
    ...(variables.has("directory") && { directory: text("directory") }),
    ...(platform !== undefined && { platform }),
    resultXml: named("TestPlan/ResultCollector/filename"),
    resultCsv: named("TestPlan/ResultCollector[2]/filename"),
  };
  const [changed] = settingDifferences(settings, planSettings(renderPlan(options))).filter(
    (setting) => !setting.startsWith("TestPlan/TestPlan.comments"),
  );
  if (changed !== undefined) throw notOurs(`${changed} differs from what slbench writes`);
  return options;
}

function arrivalProcess(text: string): ArrivalProcess {
  if (text === "poisson" || text === "constant" || parseBursts(text) !== undefined)
    return text as ArrivalProcess;
  throw notOurs(`its variable process is "${text.slice(0, 80)}", not poisson, constant or bursts:20/60/1`);
}

function planVariables(settings: PlanSettings): ReadonlyMap<string, string> {
  const table = "TestPlan/TestPlan.user_defined_variables/Arguments.arguments";
  const variables = new Map<string, string>();
  for (let row = 0; ; row++) {
    const name = settings.get(`${table}[${row}]/Argument.name`);
    if (name === undefined) return variables;
    variables.set(name, settings.get(`${table}[${row}]/Argument.value`) ?? "");
  }
}

function notOurs(why: string): SlbenchError {
  return new SlbenchError<PlanErrorCode>("PLAN_NOT_OURS", `this plan cannot be read back: ${why}`, {
    hint: "generate it again: slbench generate EXPERIMENT",
    exitCode: 2,
  });
}
