import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheRoot } from "../files/cache.ts";
import { can, sh } from "./network.ts";

/** Images made with Debian's buildah, on bases made with mmdebstrap: no registry and no daemon is needed. */
const folder = fileURLToPath(new URL("../../containers", import.meta.url));
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const ISOLATION = "export BUILDAH_ISOLATION=chroot;";
const DEBIAN = "localhost/slbench-test-debian";
const NODE = "localhost/slbench-test-node";

/** Whether this process can build and start images. They take 300 MB of downloads the first time, and minutes. */
export const canBuildImages = (): boolean =>
  process.env.SLBENCH_TEST_CONTAINERS === "1" &&
  can("[ $(id -u) = 0 ] && command -v buildah mmdebstrap ip ssh-keygen");

/** Builds both images; layers of earlier builds are used again. @returns their names */
export function buildImages(tag: string): { readonly worker: string; readonly controller: string } {
  makeBases();
  sh(`${folder}/pack.sh linux-x64`);
  const build = (target: string) => {
    const image = `localhost/slbench-${target}:${tag}`;
    const bases = `--build-arg DEBIAN_IMAGE=${DEBIAN} --build-arg NODE_IMAGE=${NODE}`;
    // Debian 12's buildah does not set TARGETARCH by itself.
    const options = `--network host --build-arg TARGETARCH=amd64 ${bases}`;
    sh(`${ISOLATION} buildah build --quiet --layers ${options} --target ${target} --tag ${image} ${folder}`);
    return image;
  };
  return { worker: build("worker"), controller: build("controller") };
}

export function removeImages(images: readonly string[]): void {
  for (const image of images) can(`buildah rmi --force ${image}`);
}

/** The two base images; Debian's packages are kept in the cache folder. */
function makeBases(): void {
  if (can(`buildah inspect --type image ${DEBIAN} && buildah inspect --type image ${NODE}`)) return;
  const archive = join(cacheRoot(), "test", "debian-bookworm.tar");
  if (!existsSync(archive)) {
    mkdirSync(dirname(archive), { recursive: true });
    sh(`mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm ${archive}.new.tar 2>&1`);
    renameSync(`${archive}.new.tar`, archive);
  }
  const node = join(modules, "node", "bin", "node");
  // Of the host: npm, and the certificates by which it reaches the registry.
  const certificates = "/etc/ssl/certs/ca-certificates.crt";
  sh(`container=$(buildah from scratch)
    buildah add --quiet $container ${archive} /
    buildah commit --quiet $container ${DEBIAN}
    buildah copy --quiet $container ${node} /usr/local/bin/node
    buildah copy --quiet $container "$(npm root --global)/npm" /usr/local/lib/node_modules/npm
    buildah copy --quiet $container ${certificates} ${certificates}
    root=$(buildah mount $container)
    ln -s ../lib/node_modules/npm/bin/npm-cli.js $root/usr/local/bin/npm
    buildah config --env NODE_EXTRA_CA_CERTS=${certificates} $container
    buildah commit --quiet $container ${NODE}
    buildah rm $container`);
}

/** A container's root file system. */
export interface TestContainer {
  readonly name: string;
  readonly root: string;
}

export function makeContainer(image: string): TestContainer {
  const name = sh(`${ISOLATION} buildah from ${image}`).toString().trim();
  return { name, root: sh(`buildah mount ${name}`).toString().trim() };
}

export function removeContainer({ name }: TestContainer): void {
  can(`buildah rm ${name}`);
}

export interface ContainerStart {
  readonly namespace: string;
  readonly hostname: string;
  /** On the host → inside, read-only. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** The program and arguments that run a command in a container, as the image's user, in a network namespace. */
export function containerCommand({ name }: TestContainer, start: ContainerStart): readonly string[] {
  return [
    ...["ip", "netns", "exec", start.namespace],
    ...["buildah", "run", "--isolation", "chroot", "--network", "host", "--hostname", start.hostname],
    "--no-hosts", // buildah would put a file of its own over a mounted /etc/hosts, or not
    ...Object.entries(start.mounts).flatMap(([from, to]) => ["--volume", `${from}:${to}:ro`]),
    ...Object.entries(start.environment ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...[name, "--", ...start.command],
  ];
}

/** Makes a fleet's ssh keys, readable by the images' user. */
export function makeFleetKeys(into: string): void {
  mkdirSync(into);
  sh(`${folder}/worker/make-keys.sh ${into} && chown -R 10001:10001 ${into}`);
}

/** Copies a file so that the images' user can read it. */
export function share(from: string, to: string): void {
  copyFileSync(from, to);
  sh(`chmod a+r ${to}`);
}
