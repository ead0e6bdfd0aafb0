// The files of tools/containers, without building images: containers.namespaces.test.ts builds and starts them.
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";

const folder = fileURLToPath(new URL("../../containers", import.meta.url));
const read = (name: string) => readFile(join(folder, name), "utf8");
const dockerfile = await read("Dockerfile");
const stages = dockerfile.split(/^(?=FROM )/m).slice(1);

test("the Dockerfile is valid", () => {
  expect(validate(dockerfile)).toEqual([]);
});

test("the base images are build arguments with a version, so that a builder can pin them by digest", () => {
  const defaults = [...dockerfile.matchAll(/^ARG (\w+_IMAGE)=(\S+)$/gm)].map(([, name, image]) => [
    name,
    image,
  ]);
  expect(defaults).toEqual([
    ["DEBIAN_IMAGE", expect.stringMatching(/^debian:bookworm/)],
    ["NODE_IMAGE", expect.stringMatching(/^node:22-bookworm/)],
  ]);
  const used = DockerfileParser.parse(dockerfile)
    .getFROMs()
    .map((from) => from.getImage());
  expect(used).toEqual(["DEBIAN_IMAGE", "NODE_IMAGE"].map((name) => `\${${name}}`));
});

test.each(stages.map((text) => [/ AS (\w+)/.exec(text)?.[1], text]))(
  "the image %s runs as the user that the manifests name, and keeps no package lists",
  (_, text = "") => {
    expect([...text.matchAll(/^USER (.*)$/gm)].at(-1)?.[1]).toBe("10001:10001");
    expect(text).toContain("useradd --uid 10001");
    expect(text).toMatch(/--no-install-recommends[\s\S]*rm -rf \/var\/lib\/apt\/lists/);
    // A default for TARGETARCH would win over the value that the builder sets.
    expect(text).toMatch(/^ARG TARGETARCH$/m);
  },
);

test("sshd takes one key, and no password, root or forwarding", async () => {
  const options = new Map(
    (await read("worker/sshd_config"))
      .split("\n")
      .filter((line) => /^\w/.test(line))
      .map((line) => line.split(" ", 2) as [string, string]),
  );
  expect(Object.fromEntries(options)).toMatchObject({
    ...{
      Port: "2222",
      PasswordAuthentication: "no",
      PermitRootLogin: "no",
      AuthenticationMethods: "publickey",
    },
    ...{ AllowTcpForwarding: "no", AllowAgentForwarding: "no", AllowStreamLocalForwarding: "no" },
    AuthorizedKeysFile: "/etc/slbench/ssh/user.pub",
  });
});

test("make-keys.sh makes a fleet's keys once, for their owner only", async () => {
  const work = await mkdtemp(join(tmpdir(), "slbench-keys-"));
  try {
    const make = () => execa("sh", [join(folder, "worker", "make-keys.sh"), work]);
    await make();
    const keys = await Promise.all(["user", "host"].map((name) => readFile(join(work, name), "utf8")));
    for (const name of ["user", "host"]) expect((await stat(join(work, name))).mode & 0o777).toBe(0o600);
    const host = (await readFile(join(work, "host.pub"), "utf8")).split(" ").slice(0, 2).join(" ");
    expect(await readFile(join(work, "known_hosts"), "utf8")).toBe(`slbench-worker ${host}\n`);
    await make();
    expect(await readFile(join(work, "user"), "utf8")).toBe(keys[0]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
});

test("compose.yaml gives every service the keys, no capabilities, and the controller all workers", async () => {
  const { services, volumes } = parse(await read("compose.yaml"), { merge: true });
  expect(Object.keys(services)).toEqual(["keys", "worker", "controller"]);
  for (const service of Object.values<Record<string, unknown>>(services)) {
    expect(service).toMatchObject({ cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    expect(service.volumes).toEqual(
      expect.arrayContaining([expect.stringMatching(/^keys:\/etc\/slbench\/ssh(:ro)?$/)]),
    );
  }
  expect(services.worker.read_only).toBe(true);
  expect(services.controller.environment.SLBENCH_WORKER_COUNT).toBe(services.worker.deploy.replicas);
  expect(volumes).toHaveProperty("keys");
});

test.each(["pack.sh", "worker/make-keys.sh"])("%s parses", async (name) => {
  const [shell = "sh"] = /(ba)?sh$/m.exec((await read(name)).split("\n")[0] ?? "") ?? [];
  await execa(shell, ["-n", join(folder, name)]);
});

test("the controller's script parses", async () => {
  const script = join(folder, "controller", "controller.mjs");
  await execa(process.execPath, ["--check", script]);
});
