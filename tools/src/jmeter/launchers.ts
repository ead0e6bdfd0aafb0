/**
 * Packages that Java 17 must open to JMeter, as in JMeter's own launcher. Those of the GUI are needed to open a plan.
 */
export const javaOptions: readonly string[] = [
  "java.desktop/sun.awt",
  "java.desktop/sun.swing",
  "java.desktop/javax.swing.text.html",
  "java.desktop/java.awt",
  "java.desktop/java.awt.font",
  "java.base/java.lang",
  "java.base/java.lang.invoke",
  "java.base/java.lang.reflect",
  "java.base/java.util",
  "java.base/java.text",
].map((name) => `--add-opens=${name}=ALL-UNNAMED`);

const head = `#!/bin/sh
# Written by slbench: the Maven artefacts of JMeter bring no launcher.
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
java=\${JAVA_HOME:+$JAVA_HOME/bin/}java
`;
const start = `exec "$java" \${HEAP:--Xms256m -Xmx1g} ${javaOptions.join(" ")} $JVM_ARGS -jar "$home/bin/ApacheJMeter.jar"`;

/** `bin/jmeter` and `bin/jmeter-server` of an assembled home, for users; slbench starts Java directly. */
export const launcherFiles: Readonly<Record<string, string>> = {
  jmeter: `${head}${start} "$@"\n`,
  "jmeter-server": `${head}set -- -s -Jserver_port="\${SERVER_PORT:-1099}" -Djava.awt.headless=true "$@"\n${start} "$@"\n`,
};
