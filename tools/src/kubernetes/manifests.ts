/** What the manifests of one fleet depend on. */
export interface FleetOptions {
  /** From fleetName(). */
  readonly name: string;
  readonly workers: number;
  readonly workerImage: string;
  readonly controllerImage: string;
  /** Of each worker, requested and limited alike. */
  readonly workerCpu: string;
  readonly workerMemory: string;
  /** The function's pods, from whose nodes workers and controller stay away. */
  readonly awayFrom?: PodSelector;
  /** Name of a Secret for a private registry. */
  readonly pullSecret?: string;
  /** Options of `slbench run` in the controller. */
  readonly runOptions: readonly string[];
  /** File names → contents, from createFleetKeys(). */
  readonly keys: Readonly<Record<string, string>>;
  /** Variables that headers take their values from; from readSecrets(). */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Pods by labels, in one namespace. */
export interface PodSelector {
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

/** A Kubernetes object. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** The images' user: a number, so that the cluster can verify that it is not root. */
const USER = 10_001;
export const CONTAINER_NAME = "slbench";
/** Where the controller's Job looks for its input and leaves its results. */
export const JOB_FOLDER = "/work/job";
const KEYS_FOLDER = "/etc/slbench/ssh";
/** sshd gives these variables to whatever it starts: a worker's JMeter gets none of its pod's own. */
const SSH_ENVIRONMENT = "/home/slbench/.ssh/environment";
/** Its key in the Secret: no variable has a point in its name. */
const SSH_ENVIRONMENT_KEY = "ssh.environment";
/** A pod's name is at most 63 characters, and Kubernetes appends a hash of 10. */
const MAX_NAME = 40;

/**
 * Name of an experiment's objects in the cluster: a DNS label.
 *
 * @example
 * ```ts
 * fleetName("Paper_v2"); // "slbench-paper-v2"
 * ```
 */
export function fleetName(experiment: string): string {
  const label = experiment.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `slbench-${label}`.slice(0, MAX_NAME).replace(/-+$/, "");
}

/** Labels that all objects of a fleet share. */
export const fleetLabels = (name: string) => ({
  "app.kubernetes.io/name": "slbench",
  "app.kubernetes.io/instance": name,
});

/** Host names of the workers, as the controller and the other workers resolve them. */
export const workerNames = ({ name, workers }: Pick<FleetOptions, "name" | "workers">): readonly string[] =>
  Array.from({ length: workers }, (_, index) => `${name}-worker-${index}.${name}-workers`);

/** Secrets, Service, NetworkPolicies, the workers' StatefulSet and the controller's Job. */
export function fleetManifests(options: FleetOptions): readonly Manifest[] {
  return [
    secret(options.name, "ssh", options.keys),
    ...(hasSecrets(options) ? [secret(options.name, "env", secretFields(options))] : []),
    workersService(options),
    workersPolicy(options),
    controllerPolicy(options),
    workerSet(options),
    controllerJob(options),
  ];
}

type Component = "worker" | "controller";

const labels = (name: string, component: Component) => ({
  ...fleetLabels(name),
  "app.kubernetes.io/component": component,
});

const object = (apiVersion: string, kind: string, fleet: string, name: string, fields: object): Manifest => ({
  ...{ apiVersion, kind },
  metadata: { name, labels: fleetLabels(fleet) },
  ...fields,
});

const secret = (name: string, kind: string, stringData: Readonly<Record<string, string>>) =>
  object("v1", "Secret", name, `${name}-${kind}`, { type: "Opaque", immutable: true, stringData });

const hasSecrets = ({ secrets }: FleetOptions) => Object.keys(secrets).length > 0;

/** Each variable for the controller, and all in sshd's file for the workers. */
const secretFields = ({ secrets }: FleetOptions) => ({
  ...secrets,
  [SSH_ENVIRONMENT_KEY]: Object.entries(secrets)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(""),
});

/** Gives each worker a host name, also while it is not ready. */
const workersService = ({ name }: FleetOptions) =>
  object("v1", "Service", name, `${name}-workers`, {
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: labels(name, "worker"),
      ports: [
        { name: "ssh", port: 2222 },
        { name: "rmi", port: 8001 },
      ],
    },
  });

const policy = (name: string, target: Component, from: Component, ports: readonly number[]) =>
  object("networking.k8s.io/v1", "NetworkPolicy", name, `${name}-${target}`, {
    spec: {
      podSelector: { matchLabels: labels(name, target) },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: labels(name, from) } }],
          ports: ports.map((port) => ({ protocol: "TCP", port })),
        },
      ],
    },
  });

/** Whoever reaches a worker's ports could try to run commands on it. */
const workersPolicy = ({ name }: FleetOptions) => policy(name, "worker", "controller", [2222, 8001]);
const controllerPolicy = ({ name }: FleetOptions) => policy(name, "controller", "worker", [8002, 8003]);

const workerSet = (options: FleetOptions) => {
  const { name, workers } = options;
  return object("apps/v1", "StatefulSet", name, `${name}-worker`, {
    spec: {
      replicas: workers,
      serviceName: `${name}-workers`,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels(name, "worker") },
      template: podTemplate(options, "worker", {
        image: options.workerImage,
        ports: [
          { name: "ssh", containerPort: 2222 },
          { name: "rmi", containerPort: 8001 },
        ],
        readinessProbe: { tcpSocket: { port: "ssh" }, periodSeconds: 5 },
        resources: guaranteed(options.workerCpu, options.workerMemory),
        folders: ["/home/slbench", "/tmp"],
        readOnlyRoot: true,
      }),
    },
  });
};

const controllerJob = (options: FleetOptions) => {
  const { name } = options;
  return object("batch/v1", "Job", name, `${name}-controller`, {
    spec: {
      // A second attempt would measure into an empty folder; what is on the workers can still be fetched by hand.
      backoffLimit: 0,
      template: podTemplate(options, "controller", {
        image: options.controllerImage,
        args: ["--job", JOB_FOLDER, ...options.runOptions],
        env: [
          { name: "SLBENCH_WORKERS", value: workerNames(options).join(",") },
          ...Object.keys(options.secrets).map((key) => ({
            name: key,
            valueFrom: { secretKeyRef: { name: `${name}-env`, key } },
          })),
        ],
        ports: [
          { name: "samples-1", containerPort: 8002 },
          { name: "samples-2", containerPort: 8003 },
        ],
        resources: guaranteed("2", "2Gi"),
        folders: ["/work", "/tmp"],
        // JMeter's home, the client and the experiment's keys share the cache folder of the image.
        readOnlyRoot: false,
      }),
    },
  });
};

/** Requests equal limits: the pod gets the class Guaranteed and is evicted last. */
const guaranteed = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });

interface ContainerFields {
  readonly folders: readonly string[];
  readonly readOnlyRoot: boolean;
  readonly [field: string]: unknown;
}

/** A pod that meets the Pod Security Standard "restricted". */
function podTemplate(
  options: FleetOptions,
  component: Component,
  { folders, readOnlyRoot, ...container }: ContainerFields,
) {
  const { name, pullSecret } = options;
  const takesSecrets = component === "worker" && hasSecrets(options);
  const volumeName = (path: string) => path.slice(1).replaceAll("/", "-");
  return {
    metadata: { labels: labels(name, component) },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: component === "worker" ? "Always" : "Never",
      terminationGracePeriodSeconds: 10,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER,
        runAsGroup: USER,
        fsGroup: USER,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(pullSecret !== undefined && { imagePullSecrets: [{ name: pullSecret }] }),
      affinity: { podAntiAffinity: antiAffinity(options) },
      containers: [
        {
          name: CONTAINER_NAME,
          ...container,
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: readOnlyRoot,
          },
          volumeMounts: [
            { name: "ssh", mountPath: KEYS_FOLDER, readOnly: true },
            ...folders.map((mountPath) => ({ name: volumeName(mountPath), mountPath })),
            ...(takesSecrets ? [secretsMount] : []),
          ],
        },
      ],
      volumes: [
        { name: "ssh", secret: { secretName: `${name}-ssh`, defaultMode: 0o440 } },
        ...folders.map((path) => ({ name: volumeName(path), emptyDir: {} })),
        ...(takesSecrets ? [{ name: "env", secret: { secretName: `${name}-env`, defaultMode: 0o440 } }] : []),
      ],
    },
  };
}

const secretsMount = {
  ...{ name: "env", mountPath: SSH_ENVIRONMENT, subPath: SSH_ENVIRONMENT_KEY, readOnly: true },
};

/** Never beside the function; preferably one of this fleet per node. */
function antiAffinity({ name, awayFrom }: FleetOptions) {
  const perNode = { topologyKey: "kubernetes.io/hostname" };
  const fleet = { labelSelector: { matchLabels: fleetLabels(name) }, ...perNode };
  return {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: fleet }],
    ...(awayFrom !== undefined && {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          labelSelector: { matchLabels: awayFrom.labels },
          ...(awayFrom.namespace !== undefined && { namespaces: [awayFrom.namespace] }),
          ...perNode,
        },
      ],
    }),
  };
}
