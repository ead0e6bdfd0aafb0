import { delimiter, join } from "node:path";
import type { JMeter } from "./home.ts";
import type { RmiKeys } from "./keys.ts";
import { javaOptions } from "./launchers.ts";

/**
 * Arguments for `java` that start JMeter without its shell script, as a single process.
 * With keys, all RMI uses mutual TLS; without, it is plain. JMeter listens on `rmiHost` only.
 */
export function jmeterArguments(
  jmeter: JMeter,
  rmiHost: string,
  keys: RmiKeys | undefined,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const jar = join(jmeter.home, "bin", "ApacheJMeter.jar");
  const classPath = [jmeter.tls.classes, jar, jmeter.tls.groovyJar].join(delimiter);
  return [
    // JMeter only starts clients and forwards text. A small heap and the quick compiler leave the cores to the
    // clients and the function.
    ...(env.HEAP?.split(/\s+/).filter(Boolean) ?? ["-Xms64m", "-Xmx768m"]),
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    ...javaOptions,
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    `-Djava.rmi.server.hostname=${rmiHost}`,
    `-Djmeter.home=${jmeter.home}`,
    ...(keys === undefined ? [] : [`-Dslbench.rmi=${keys.properties}`]),
    ...["-cp", classPath, "TlsJMeter"],
    ...args,
    // TlsJMeter creates the sockets. JMeter itself would open one per callback, on arbitrary ports.
    "-Jserver.rmi.ssl.disable=true",
    "-Jjmeterengine.nongui.port=0", // closes a UDP port through which any process could stop a run
  ];
}

/** `{a: 1}` → `-Ja=1`. */
export function jmeterProperties(properties: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(properties).map(([name, value]) => `-J${name}=${value}`);
}
