import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type FleetOptions, fleetManifests, fleetName, type Manifest, workerNames } from "./manifests.ts";

const run = promisify(execFile);
const options: FleetOptions = {
  name: "slbench-paper",
  workers: 3,
  workerImage: "registry.example/slbench-worker:0.1.0",
  controllerImage: "registry.example/slbench-controller:0.1.0",
  workerCpu: "2",
  workerMemory: "2Gi",
  awayFrom: { labels: { faas_function: "slblur" }, namespace: "openfaas-fn" },
  pullSecret: "registry",
  runOptions: ["--threshold", "success>=0.99"],
  keys: { user: "private", "user.pub": "public", host: "private", "host.pub": "public", known_hosts: "*" },
  secrets: { TOKEN: "top secret" },
};
const manifests = fleetManifests(options);
const of = (kind: string): readonly Manifest[] => manifests.filter((one) => one.kind === kind);

/** biome-ignore lint/suspicious/noExplicitAny: nested objects of unknown shape */
const podOf = (kind: string): any => (of(kind)[0] as any).spec.template.spec;
const VERSIONS = ["1.31", "1.34", "1.37"];

describe("the manifests", () => {
  test("meet the published schemas of Kubernetes, strictly", { timeout: 180_000 }, async ({ skip }) => {
    const work = await mkdtemp(join(tmpdir(), "slbench-schemas-"));
    try {
      // 22 MB from PyPI: the schemas of the published OpenAPI documents, and a validator.
      const pip = ["-m", "pip", "install", "--quiet", "--target", work, "kubernetes-validate==1.37.0"];
      const installed = await run("python3", pip).catch(() => undefined);
      if (installed === undefined)
        return skip("NOT CHECKED: kubernetes-validate cannot be installed from PyPI");
      const validate = async (objects: readonly unknown[]) => {
        const file = join(work, "fleet.yaml");
        await writeFile(file, objects.map((one) => stringify(one)).join("---\n"));
        const versions = VERSIONS.flatMap((version) => ["-k", version]);
        const args = ["-m", "kubernetes_validate", "--strict", ...versions, file];
        return run("python3", args, { env: { ...process.env, PYTHONPATH: work } }).then(
          ({ stdout, stderr }) => ({ passed: true, output: stdout + stderr }),
          ({ stdout, stderr }) => ({ passed: false, output: `${stdout}${stderr}` }),
        );
      };
      const good = await validate(manifests);
      expect(good.passed, good.output).toBe(true);
      for (const { kind } of manifests)
        for (const version of VERSIONS)
          expect(good.output).toMatch(new RegExp(`${version}.*${kind}|${kind}.*${version}`, "i"));
      const [set] = of("StatefulSet");
      const bad = await validate([{ ...set, spec: { ...(set?.spec as object), replica: 3 } }]);
      expect(bad.passed).toBe(false);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });

  test("keep all pods unprivileged, with requests equal to limits", () => {
    for (const kind of ["StatefulSet", "Job"]) {
      const pod = podOf(kind);
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      const [container] = pod.containers;
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources.requests).toEqual(container.resources.limits);
    }
    expect(podOf("StatefulSet").containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
  });

  test("give variables to the controller, and to what sshd starts on a worker", () => {
    expect(of("Secret").map(({ stringData }) => stringData)).toContainEqual({
      TOKEN: "top secret",
      "ssh.environment": "TOKEN=top secret\n",
    });
    expect(podOf("Job").containers[0].env).toContainEqual({
      name: "TOKEN",
      valueFrom: { secretKeyRef: { name: "slbench-paper-env", key: "TOKEN" } },
    });
    expect(podOf("StatefulSet").containers[0].volumeMounts).toContainEqual({
      ...{ name: "env", mountPath: "/home/slbench/.ssh/environment", subPath: "ssh.environment" },
      readOnly: true,
    });
    const without = fleetManifests({ ...options, secrets: {} });
    expect(JSON.stringify(without)).not.toContain("slbench-paper-env");
  });

  test("let only the controller reach workers, and only workers the controller", () => {
    const rules = of("NetworkPolicy").map(({ spec }) => {
      // biome-ignore lint/suspicious/noExplicitAny: nested objects of unknown shape
      const { podSelector, ingress } = spec as any;
      const component = "app.kubernetes.io/component";
      return [
        ingress[0].from[0].podSelector.matchLabels[component],
        podSelector.matchLabels[component],
        // biome-ignore lint/suspicious/noExplicitAny: nested objects of unknown shape
        ingress[0].ports.map(({ port }: any) => port),
      ];
    });
    expect(rules).toEqual([
      ["controller", "worker", [2222, 8001]],
      ["worker", "controller", [8002, 8003]],
    ]);
  });

  test("keep workers and controller off the function's nodes", () => {
    for (const kind of ["StatefulSet", "Job"])
      expect(podOf(kind).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
        {
          labelSelector: { matchLabels: { faas_function: "slblur" } },
          namespaces: ["openfaas-fn"],
          topologyKey: "kubernetes.io/hostname",
        },
      ]);
  });

  test("name the workers as their headless Service makes them resolvable", () => {
    const [set] = of("StatefulSet");
    const [service] = of("Service");
    // biome-ignore lint/suspicious/noExplicitAny: nested objects of unknown shape
    const { serviceName, selector, replicas } = (set as any).spec;
    expect(serviceName).toBe(service?.metadata.name);
    // biome-ignore lint/suspicious/noExplicitAny: nested objects of unknown shape
    expect((service as any).spec.selector).toEqual(selector.matchLabels);
    const names = Array.from({ length: replicas }, (_, i) => `${set?.metadata.name}-${i}.${serviceName}`);
    expect(workerNames(options)).toEqual(names);
    expect(podOf("Job").containers[0].env).toContainEqual({
      name: "SLBENCH_WORKERS",
      value: names.join(","),
    });
  });
});

test.each([
  ["Paper_v2", "slbench-paper-v2"],
  ["a".repeat(80), `slbench-${"a".repeat(32)}`],
  ["x.-", "slbench-x"],
])("fleetName(%s) is a DNS label", (experiment, name) => {
  expect(fleetName(experiment)).toBe(name);
});
