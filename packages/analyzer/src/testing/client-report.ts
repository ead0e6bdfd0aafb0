import { type ClientReport, REPORT_SCHEMA, type RequestResult } from "@slbench/client/report";

/** A client's report with the given requests; every field may be replaced. */
export function clientReport(
  requests: readonly RequestResult[],
  fields: Partial<ClientReport> = {},
): ClientReport {
  return {
    schema: REPORT_SCHEMA,
    client: { version: "0.1.0", build: "x", runtime: "node" },
    url: "http://127.0.0.1:8080/function/slblur",
    thinkTimeSeconds: 0,
    timeoutSeconds: 25,
    startedEpochMicros: 1,
    endedEpochMicros: 2,
    plannedRequests: requests.length,
    requests,
    ...fields,
  };
}

/** Text as JMeter escapes it in XML. */
export const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;");

/** A sample of a JMeter log with response data. @param attributes besides those of a client that ended well */
export const sampleXml = (
  responseData: string,
  attributes = 't="10" ts="1700000000000" s="true" lb="x" rc="0" rm="OK" tn="Users 1-1" by="1"',
): string =>
  `<sample ${attributes}><responseData class="java.lang.String">${escapeText(responseData)}</responseData></sample>`;

/** A whole JMeter log of such samples. */
export const logXml = (samples: readonly string[]): string =>
  `<?xml version="1.0"?>\n<testResults version="1.2">\n${samples.join("\n")}\n</testResults>\n`;
