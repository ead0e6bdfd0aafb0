import { quote } from "./ssh.ts";

/** The parts of a bundle that are the same for all experiments: the folders `jmeter`, `tls` and `client`. */
export interface SharedParts {
  readonly platform: string;
  /** JMeter's version. */
  readonly jmeter: string;
  /** Names source and Groovy version of the RMI sockets. */
  readonly launcher: string;
  /** SHA-256 of the client. */
  readonly client: string;
}

/** Where a worker image has them (tools/containers/Dockerfile), described in `bundle.json`. */
const IMAGE_FOLDER = "/opt/slbench/worker";
const FOLDERS = ["jmeter", "tls", "client"];

/** Shell command that prints the description of the image's parts, or nothing. */
export const READ_IMAGE_PARTS = `{ cat ${IMAGE_FOLDER}/bundle.json 2>/dev/null || true; }`;

/** Shell command that links the image's parts into a bundle's folder. */
export const linkImageParts = (folder: string): string =>
  FOLDERS.map((name) => `ln -s ${IMAGE_FOLDER}/${name} ${quote(`${folder}/${name}`)}`).join(" && ");

/** Whether an image has exactly these parts. @param described what READ_IMAGE_PARTS printed */
export function hasSameParts(described: string, parts: SharedParts): boolean {
  if (described.trim() === "") return false;
  const found = JSON.parse(described) as Partial<SharedParts>;
  return (Object.keys(parts) as (keyof SharedParts)[]).every((name) => found[name] === parts[name]);
}
