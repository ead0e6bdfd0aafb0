/** What `deploySteps` needs to know about a deployment. */
export interface DeployOptions {
  /** A function in deploy/stack.yaml. */
  readonly functionName: "slblur" | "slblur-fork" | "slblur-node22";
  /** Registry and user to push images to, for example `docker.io/ada`. */
  readonly prefix: string;
  /** URL of the OpenFaaS gateway. */
  readonly gateway: string;
}

export interface DeployStep {
  readonly title: string;
  /** Shell commands; run them in packages/handler/deploy. */
  readonly commands: readonly string[];
}

/** The commands of deploy/README.md, from an empty machine to a first response, and the removal. */
export function deploySteps({ functionName, prefix, gateway }: DeployOptions): readonly DeployStep[] {
  return [
    { title: "Tools (arkade)", commands: ["arkade get kind kubectl helm faas-cli"] },
    { title: "A cluster on this machine, with a registry", commands: ["./cluster-up.sh"] },
    {
      title: "OpenFaaS with a limit of 25 s per request",
      commands: [
        "kubectl apply -f https://raw.githubusercontent.com/openfaas/faas-netes/controller/namespaces.yml",
        "helm repo add openfaas https://openfaas.github.io/faas-netes/",
        "helm upgrade openfaas openfaas/openfaas --install --namespace openfaas " +
          "--set generateBasicAuth=true --values openfaas-values.yaml --wait",
      ],
    },
    {
      title: "Port forwarding and login",
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
      title: "First request",
      commands: [
        `faas-cli ready --gateway ${gateway} ${functionName}`,
        "curl --data-binary @face.jpg -H 'Content-Type: image/jpeg' -H 'Accept: image/jpeg' " +
          `${gateway}/function/${functionName} > blurred.jpg`,
      ],
    },
    {
      title: "Removal",
      commands: [
        `faas-cli remove --yaml stack.yaml --gateway ${gateway} --filter ${functionName}`,
        "./cluster-down.sh",
      ],
    },
  ];
}
