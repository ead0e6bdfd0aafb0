import { lstat, mkdir, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { checkKnownFiles, type KnownFolder, recordKnownFiles } from "./known-files.ts";
import { addonHeaders, ensurePackages } from "./optional-packages.ts";
import { type SetupLog, stderrLog, step } from "./steps.ts";
import { fetchWheel, runTool, type Wheel } from "./wheel.ts";

/**
 * The PyPI wheel whose libtensorflow the addon links against. tfjs-node 4.22.0 asks for 2.9.1, whose wheel lacks
 * symbols; 2.15.1 has all of them (docs/decisions/native-tensorflow.md).
 */
const WHEEL: Wheel = {
  requirement: "tensorflow-cpu==2.15.1",
  sha256: "54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26",
  pythonVersion: "3.11",
  platform: "manylinux2014_x86_64",
};

/**
 * Builds the addon of `@tensorflow/tfjs-node` once in the user's cache folder and links it into the package. The first
 * time this takes about 20 s and 620 MB.
 *
 * @param packages a file from which `@tensorflow/tfjs-node` is resolved, see ensurePackages()
 * @throws {SlbenchError} SETUP_NO_NATIVE if it cannot be built or loaded here, SETUP_CHANGED if a library was changed
 *   since it was built
 */
export async function ensureNativeTensorflow(packages: string, log: SetupLog = stderrLog): Promise<void> {
  const packageDir = dirname(createRequire(packages).resolve("@tensorflow/tfjs-node/package.json"));
  try {
    if (process.platform !== "linux" || process.arch !== "x64") {
      throw new Error(`no native build for ${process.platform} ${process.arch}`);
    }
    const { version } = createRequire(import.meta.url)(join(packageDir, "package.json")) as {
      version: string;
    };
    const built = await cacheFolder(`tfjs-node-${version}-${WHEEL.requirement.replace("==", "-")}`);
    const addon = join(built, "lib", "napi-v8", "tfjs_binding.node");
    if (!(await exists(addon))) {
      await step("native TensorFlow (207 MB once, built with g++)", () => build(packageDir, built, log), log);
      await recordKnownFiles(knownAddon(built), log);
    }
    await checkKnownFiles(knownAddon(built), log);
    if ((await link(packageDir, built)) || !(await exists(join(built, "checked")))) {
      await check(packageDir);
      await writeFile(join(built, "checked"), "");
    }
  } catch (error) {
    // A changed file must not be used, not even with a fallback.
    if (error instanceof SlbenchError && error.code === "SETUP_CHANGED") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlbenchError<ToolErrorCode>(
      "SETUP_NO_NATIVE",
      `native TensorFlow is not available on this machine: ${reason}`,
      {
        hint: `${error instanceof SlbenchError ? `${error.hint}, or ` : ""}use the backend onnx`,
        cause: error,
      },
    );
  }
}

/** The libraries; not the file `checked`, which is written later. */
function knownAddon(built: string): KnownFolder {
  return {
    root: built,
    what: "native TensorFlow",
    only: [
      "deps/lib/libtensorflow.so",
      "deps/lib/libtensorflow_cc.so.2",
      "deps/lib/libtensorflow_framework.so",
      "deps/lib/libtensorflow_framework.so.2",
      "lib/napi-v8/tfjs_binding.node",
    ],
    hint: `remove ${built}, then slbench setup builds it again`,
  };
}

async function build(packageDir: string, target: string, log: SetupLog): Promise<void> {
  const work = `${target}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, "lib", "napi-v8"), { recursive: true });
  try {
    await fetchWheel(WHEEL, ["tensorflow/include/", "tensorflow/libtensorflow_"], work);
    await compile(packageDir, work, await ensurePackages(addonHeaders, log));
    for (const folder of ["wheel", "tensorflow"]) await rm(join(work, folder), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(work, target); // complete or not at all
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Compiles the package's two C++ files against the wheel's headers and libraries. */
async function compile(packageDir: string, work: string, headers: string): Promise<void> {
  const lib = join(work, "deps", "lib");
  await mkdir(lib, { recursive: true });
  for (const part of ["cc", "framework"]) {
    const name = `libtensorflow_${part}.so.2`;
    await rename(join(work, "tensorflow", name), join(lib, name));
  }
  await symlink("libtensorflow_cc.so.2", join(lib, "libtensorflow.so"));
  await symlink("libtensorflow_framework.so.2", join(lib, "libtensorflow_framework.so"));
  const nodeApi = createRequire(headers)("node-api-headers") as { include_dir: string };
  await runTool(
    "g++",
    ["-O2", "-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"].concat(
      [`-I${packageDir}`, `-I${join(work, "tensorflow", "include")}`, `-I${nodeApi.include_dir}`],
      [join(packageDir, "binding", "tfjs_backend.cc"), join(packageDir, "binding", "tfjs_binding.cc")],
      [`-L${lib}`, "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,$ORIGIN/../../deps/lib"],
      ["-o", join(work, "lib", "napi-v8", "tfjs_binding.node")],
    ),
    "install g++ (Debian: apt-get install g++)",
  );
}

/** Links the cache's `deps` and `lib` into the package; returns whether a link changed. */
async function link(packageDir: string, built: string): Promise<boolean> {
  let changed = false;
  for (const name of ["deps", "lib"]) {
    const from = join(packageDir, name);
    const to = join(built, name);
    if ((await lstat(from).catch(() => undefined)) !== undefined) {
      if ((await realpath(from).catch(() => "")) === (await realpath(to))) continue;
      await rm(from, { recursive: true, force: true });
    }
    await symlink(to, from, "dir");
    changed = true;
  }
  return changed;
}

/** Loads the addon in a separate process and squares three numbers with it. */
async function check(packageDir: string): Promise<void> {
  // Loads only the addon, like the function does: the package's JavaScript needs packages that are not installed.
  const code = `
    const addon = require(${JSON.stringify(join(packageDir, "lib", "napi-v8", "tfjs_binding.node"))});
    const input = addon.createTensor([3], addon.TF_FLOAT, new Float32Array([1, 2, 3]));
    const type = { name: "T", type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT };
    const [squares] = addon.executeOp("Square", [type], [input], 1);
    if (addon.tensorDataSync(squares.id).join() !== "1,4,9") process.exit(9);`;
  await runTool(
    process.execPath,
    ["--no-deprecation", "-e", code],
    "remove the cache folder and run slbench setup again",
  );
}
