import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { JMeter } from "../jmeter/home.ts";
import { javaOptions } from "../jmeter/launchers.ts";

export interface PlanCheck {
  readonly file: string;
  /** JMeter's complaint; absent if it accepts the plan. */
  readonly problem?: string;
}

const script = fileURLToPath(new URL("../../jmeter/CheckPlans.groovy", import.meta.url));

/**
 * Lets JMeter load plans, pass their elements to its window's classes, and compile their functions, in one Java
 * process of 2 to 3 s. Nothing is run.
 *
 * @throws {SlbenchError} RUN_CHECK_FAILED if JMeter could not be started
 */
export async function checkPlans(
  jmeter: Pick<JMeter, "home" | "java">,
  files: readonly string[],
): Promise<readonly PlanCheck[]> {
  const jars = [join("lib", "*"), join("lib", "ext", "*"), join("bin", "ApacheJMeter.jar")];
  const args = [
    ...["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", ...javaOptions],
    ...["-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", `-Djmeter.home=${jmeter.home}`],
    ...["-cp", jars.map((jar) => join(jmeter.home, jar)).join(delimiter)],
    ...["groovy.ui.GroovyMain", script, ...files],
  ];
  const asked = await execa(jmeter.java, args, { reject: false, stdin: "ignore", timeout: 120_000 });
  const verdicts = new Map(
    (asked.stdout ?? "").split("\n").flatMap((line) => {
      const [, index, verdict] = /^(\d+)\t(.*)$/.exec(line) ?? [];
      return index === undefined || verdict === undefined ? [] : [[Number(index), verdict] as const];
    }),
  );
  return files.map((file, index) => {
    const verdict = verdicts.get(index);
    if (verdict !== undefined) return { file, ...(verdict !== "ok" && { problem: verdict }) };
    const reason = (asked.stderr || asked.originalMessage || "no reason given").trim().slice(-300);
    throw new SlbenchError<ToolErrorCode>("RUN_CHECK_FAILED", `JMeter could not check the plans: ${reason}`, {
      hint: `check that ${jmeter.home} is a complete JMeter; slbench setup installs one`,
      cause: asked,
    });
  });
}
