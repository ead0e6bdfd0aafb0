import { type Bundle, writeBundle } from "../jmeter/bundle.ts";
import { experimentKeys } from "../jmeter/keys.ts";
import { stderrLog } from "../setup/steps.ts";
import { readJob } from "./job.ts";
import { prepare } from "./prepare.ts";

/** Sets up what is missing and packs the experiment's slave for this platform. */
export async function packBundle(experimentFile: string, out?: string): Promise<Bundle> {
  const { experiment, file } = await readJob({ experimentFile });
  const prepared = await prepare(experiment, file, stderrLog);
  const secure = experiment.jmeter.rmi === "tls";
  const keys = secure ? await experimentKeys(prepared.jmeter.keytool, experiment.name) : undefined;
  const name = `slbench-slave-${experiment.name}-${process.platform}-${process.arch}.tar.gz`;
  return writeBundle(experiment, prepared, keys, out ?? name);
}
