import type { Element } from "../xml.ts";
import { type Node, node } from "./node.ts";
import { boolProp, elementAttributes, stringProp } from "./properties.ts";

/** Which columns a result file has: as in JMeter's own save configuration. */
const saved = (format: "xml" | "csv"): Readonly<Record<string, boolean | number>> => ({
  time: true,
  latency: true,
  timestamp: true,
  success: true,
  label: true,
  code: true,
  message: true,
  threadName: true,
  dataType: true,
  encoding: false,
  assertions: true,
  subresults: true,
  responseData: format === "xml",
  samplerData: false,
  xml: format === "xml",
  fieldNames: true,
  responseHeaders: false,
  requestHeaders: false,
  responseDataOnError: false,
  saveAssertionResultsFailureMessage: true,
  assertionsResultsToSave: 0,
  bytes: true,
  sentBytes: true,
  url: true,
  hostname: true,
  threadCounts: true,
  idleTime: true,
  connectTime: true,
});

function collector(
  guiclass: string,
  name: string,
  filename: string,
  format: "xml" | "csv",
): Node<"listener"> {
  const save = Object.entries(saved(format)).map(([tag, value]): Element => ({ tag, text: String(value) }));
  return node("listener", {
    tag: "ResultCollector",
    attributes: elementAttributes(guiclass, "ResultCollector", name),
    children: [
      boolProp("ResultCollector.error_logging", false),
      {
        tag: "objProp",
        children: [
          { tag: "name", text: "saveConfig" },
          { tag: "value", attributes: { class: "SampleSaveConfiguration" }, children: save },
        ],
      },
      stringProp("filename", filename),
    ],
  });
}

/** XML with the response data, so with the clients' reports. */
export const viewResultsTree = (filename: string): Node<"listener"> =>
  collector("ViewResultsFullVisualizer", "View Results Tree", filename, "xml");

/** CSV, one line per sample. */
export const simpleDataWriter = (filename: string): Node<"listener"> =>
  collector("SimpleDataWriter", "Simple Data Writer", filename, "csv");
