import { join } from "node:path";
import type { JMeter } from "./home.ts";
import { javaOptions } from "./launchers.ts";

/** Arguments for `java` that start JMeter without its shell script: one process, nothing in between. */
export function jmeterArguments(
  jmeter: JMeter,
  rmiHost: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  return [
    // JMeter only starts client processes and passes text on: a small heap and the quick compiler leave
    // the cores to the clients and the function.
    ...(env.HEAP?.split(/\s+/).filter(Boolean) ?? ["-Xms64m", "-Xmx768m"]),
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    ...javaOptions,
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    `-Djava.rmi.server.hostname=${rmiHost}`,
    "-jar",
    join(jmeter.home, "bin", "ApacheJMeter.jar"),
    ...args,
  ];
}

/** `{a: 1}` → `-Ja=1`. */
export function jmeterProperties(properties: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(properties).map(([name, value]) => `-J${name}=${value}`);
}
