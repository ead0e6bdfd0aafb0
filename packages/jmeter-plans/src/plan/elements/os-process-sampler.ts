import { type Node, node } from "./node.ts";
import { argumentsProp, boolProp, elementAttributes, stringProp } from "./properties.ts";

export interface OsProcess {
  readonly command: string;
  /** JMeter values, as the others: variables and functions in them are evaluated, see literalText(). */
  readonly args: readonly string[];
  /** Empty: JMeter's own working directory. */
  readonly directory: string;
  /** After this many milliseconds JMeter kills the process and the sample fails. */
  readonly timeoutMs: number;
}

/** Starts one process per sample; its output is the response data, a return code other than 0 a failure. */
export function osProcessSampler(
  process: OsProcess,
  children: readonly Node<"timer" | "listener">[] = [],
): Node<"sampler"> {
  return node(
    "sampler",
    {
      tag: "SystemSampler",
      attributes: elementAttributes("SystemSamplerGui", "SystemSampler", "OS Process Sampler"),
      children: [
        boolProp("SystemSampler.checkReturnCode", true),
        stringProp("SystemSampler.expectedReturnCode", 0),
        stringProp("SystemSampler.command", process.command),
        argumentsProp(
          "SystemSampler.arguments",
          process.args.map((value) => ["", value] as const),
        ),
        argumentsProp("SystemSampler.environment", []),
        stringProp("SystemSampler.directory", process.directory),
        { tag: "longProp", attributes: { name: "SystemSampler.timeout" }, text: String(process.timeoutMs) },
      ],
    },
    children,
  );
}
