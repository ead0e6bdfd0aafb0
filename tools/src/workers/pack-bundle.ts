import { prepare } from "../environment/prepare.ts";
import { experimentKeys } from "../jmeter/keys.ts";
import { readJob } from "../results/job.ts";
import { ensureClientExecutable } from "../setup/client.ts";
import { hostPlatform, type Platform } from "../setup/platform.ts";
import { stderrLog } from "../setup/steps.ts";
import { type Bundle, writeBundle } from "./bundle.ts";

/**
 * Sets up what is missing and packs the experiment's worker for a platform; absent: this one.
 * @param withoutShared leaves out the parts that a worker image has
 */
export async function packBundle(
  experimentFile: string,
  platform: Platform = hostPlatform(),
  out?: string,
  withoutShared = false,
): Promise<Bundle> {
  const { experiment, file } = await readJob({ experimentFile });
  const prepared = await prepare(experiment, file, stderrLog);
  const client = await ensureClientExecutable(stderrLog, "auto", undefined, platform);
  const secure = experiment.jmeter.rmi === "tls";
  const keys = secure ? await experimentKeys(prepared.jmeter.keytool, experiment.name) : undefined;
  const name = `slbench-worker-${experiment.name}-${platform}.tar.gz`;
  const contents = { experiment, experimentFile: file, prepared: { ...prepared, client } };
  return writeBundle({ ...contents, keys, platform, withoutShared }, out ?? name);
}
