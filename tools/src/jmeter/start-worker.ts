import { javaOptions } from "./launchers.ts";

/** Port of a worker: docs/decisions/rmi-ports.md. */
export const RMI_PORT = 8001;

/** Workers call the controller back on this port + 1 and + 2: 8001, or SLBENCH_RMI_PORT. */
export function controllerPortBase(env: NodeJS.ProcessEnv = process.env): number {
  return Number(env.SLBENCH_RMI_PORT ?? RMI_PORT);
}

/** `10.0.0.2` → `10.0.0.2:8001`; an address with a port stays. */
export function workerAddress(host: string): string {
  return /:\d+$/.test(host) && !/^[^[]*:[^\]]*:/.test(host) ? host : `${host}:${RMI_PORT}`;
}

/** `10.0.0.2:8001` → host and port, without brackets around an IPv6 address. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const cut = address.lastIndexOf(":");
  return { host: address.slice(0, cut).replace(/^\[|\]$/g, ""), port: Number(address.slice(cut + 1)) };
}

export interface StartWorkerScript {
  readonly experiment: string;
  /** File name of Groovy's jar in the bundle's jmeter/lib. */
  readonly groovyJarName: string;
  readonly insecure: boolean;
}

/**
 * The bundle's `start-worker.sh`, which starts a worker on a machine that only has Java.
 *
 * The worker's number follows from the file `hosts` (one address per line, in the experiment's order) and the machine's
 * own addresses, or from --host. The script's process becomes JMeter.
 */
export function renderStartWorker({ experiment, groovyJarName, insecure }: StartWorkerScript): string {
  const keys = insecure ? "" : "-Dslbench.rmi=keys/slbench-rmi.properties ";
  return `#!/bin/sh
# Starts this machine as a JMeter worker of the experiment "${experiment}". Needs only Java 17 or newer.
# usage: ./start-worker.sh [--host ADDRESS]   ADDRESS: this machine's line in the file hosts
set -eu
cd "$(dirname "$0")"
fail() { echo "start-worker: $1" >&2; echo "  Next: $2" >&2; exit 1; }
own=
while [ $# -gt 0 ]; do
  case $1 in
    --host) [ $# -ge 2 ] || fail "--host needs an address" "take one from the file hosts"; own=$2; shift 2 ;;
    *) fail "unknown option $1" "usage: ./start-worker.sh [--host ADDRESS]" ;;
  esac
done
java=\${JAVA_HOME:+$JAVA_HOME/bin/}java
major=$("$java" -version 2>&1 | sed -n 's/.* version "\\([0-9]*\\).*/\\1/p' | head -n 1) || true
[ "\${major:-0}" -ge 17 ] || fail "no Java 17 or newer (\${major:-none} found)" "apt-get install openjdk-17-jre-headless, or set JAVA_HOME"
mine=" $own "
[ -n "$own" ] || mine=" $(hostname 2>/dev/null || true) $(hostname -f 2>/dev/null || true) $(hostname -I 2>/dev/null || true) "
index=0
found=
while IFS= read -r line; do
  case $mine in *" $line "* | *" \${line%:*} "*) found=$line; break ;; esac
  index=$((index + 1))
done < hosts
[ -n "$found" ] || fail "this machine is not in the file hosts: $(tr '\\n' ' ' < hosts)" "name its address as the controller does: ./start-worker.sh --host ADDRESS"
host=\${found%:*}
host=\${host#[}
host=\${host%]}
port=\${found##*:}
count=$(grep -c . hosts)
mkdir -p journals logs
echo $$ > worker.pid
echo "worker $((index + 1)) of $count on $found"
classpath=tls:jmeter/bin/ApacheJMeter.jar:jmeter/lib/${groovyJarName}
# shellcheck disable=SC2086 # HEAP holds several options
exec "$java" \${HEAP:--Xms64m -Xmx768m} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${javaOptions.join(" ")} \\
  -Djava.awt.headless=true -Dfile.encoding=UTF-8 "-Djava.rmi.server.hostname=$host" -Djmeter.home=jmeter \\
  ${keys}-cp "$classpath" TlsJMeter -s -j logs/worker.log \\
  "-Jserver_port=$port" "-Jserver.rmi.port=$port" "-Jserver.rmi.localport=$port" \\
  "-Jslbench.worker.index=$index" "-Jslbench.worker.count=$count" \\
  -Jserver.rmi.ssl.disable=true -Jjmeterengine.nongui.port=0
`;
}
