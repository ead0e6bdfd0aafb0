/** How the function gets onto a cluster. */
export interface DeployOptions {
  /** Function of deploy/stack.yaml. */
  readonly functionName: "slblur" | "slblur-fork" | "slblur-node22";
  /** Registry and user that images are pushed to, for example `docker.io/ada`. */
  readonly prefix: string;
  /** URL of the OpenFaaS gateway. */
  readonly gateway: string;
}

export interface DeployStep {
  readonly title: string;
  /** Shell commands, to be run in packages/handler/deploy. */
  readonly commands: readonly string[];
}

/** The way of deploy/README.md as commands: from nothing to an answer, and back. */
export function deploySteps({ functionName, prefix, gateway }: DeployOptions): readonly DeployStep[] {
  return [
    { title: "Tools, with arkade", commands: ["arkade get kind kubectl helm faas-cli"] },
    { title: "A cluster on this machine, with a registry", commands: ["./cluster-up.sh"] },
    {
      title: "OpenFaaS, with 25 s per request",
      commands: [
        "kubectl apply -f https://raw.githubusercontent.com/openfaas/faas-netes/controller/namespaces.yml",
        "helm repo add openfaas https://openfaas.github.io/faas-netes/",
        "helm upgrade openfaas openfaas/openfaas --install --namespace openfaas " +
          "--set generateBasicAuth=true --values openfaas-values.yaml --wait",
      ],
    },
    {
      title: "The gateway here, and who we are",
      commands: [
        "kubectl port-forward --namespace openfaas service/gateway 8080:8080 &",
        "kubectl get secret --namespace openfaas basic-auth --output jsonpath='{.data.basic-auth-password}' " +
          `| base64 --decode | faas-cli login --gateway ${gateway} --username admin --password-stdin`,
      ],
    },
    {
      title: "Build, push, deploy",
      commands: [
        "./pack.sh",
        `export SLBENCH_PREFIX=${prefix}`,
        `faas-cli up --yaml stack.yaml --gateway ${gateway} --filter ${functionName}`,
      ],
    },
    {
      title: "Try it",
      commands: [
        `faas-cli ready --gateway ${gateway} ${functionName}`,
        "curl --data-binary @face.jpg -H 'Content-Type: image/jpeg' -H 'Accept: image/jpeg' " +
          `${gateway}/function/${functionName} > blurred.jpg`,
      ],
    },
    {
      title: "And back",
      commands: [
        `faas-cli remove --yaml stack.yaml --gateway ${gateway} --filter ${functionName}`,
        "./cluster-down.sh",
      ],
    },
  ];
}
