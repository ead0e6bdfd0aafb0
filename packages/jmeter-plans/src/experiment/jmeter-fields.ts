import { z } from "zod";
import { MAX_LIST, whole } from "./number-fields.ts";

/** A DNS name or IPv4 address as RFC 1123 has it (underscores allowed), or an IPv6 address in brackets; a port. */
const HOST = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?))(?::(\d{1,5}))?$/;

function isHost(text: string): boolean {
  const [, address, name, port] = HOST.exec(text) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  if (address !== undefined) return URL.canParse(`http://[${address}]/`);
  return (
    name?.split(".").every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label)) ??
    false
  );
}

const hostSchema = z
  .string()
  .max(300)
  .refine(isHost, "a host name or address, with :port if it is not the default");

const DEFAULT_WORKERS = 2;

export const jmeterSchema = z
  .strictObject({
    localWorkers: whole
      .max(100)
      .optional()
      .describe(`JMeter workers started on this machine; default ${DEFAULT_WORKERS}`),
    remoteHosts: z
      .array(hostSchema)
      .nonempty()
      .max(MAX_LIST)
      .refine((hosts) => new Set(hosts).size === hosts.length, "each worker may appear once")
      .optional()
      .describe("Workers on other machines, host or host:port, instead of localWorkers"),
    mode: z
      .enum(["Standard", "Batch", "Asynch"])
      .default("Standard")
      .describe("How workers send samples; the modes that strip them would lose the clients' reports"),
    rmi: z
      .enum(["tls", "insecure"])
      .default("tls")
      .describe("insecure: anyone who reaches a worker's port can run any command on it"),
  })
  .refine((value) => value.localWorkers === undefined || value.remoteHosts === undefined, {
    path: ["localWorkers"],
    message: "give localWorkers or remoteHosts, not both",
  })
  .transform(({ localWorkers, remoteHosts, ...rest }) => ({
    ...rest,
    localWorkers: localWorkers ?? DEFAULT_WORKERS,
    remoteHosts: (remoteHosts ?? []) as readonly string[],
  }));
