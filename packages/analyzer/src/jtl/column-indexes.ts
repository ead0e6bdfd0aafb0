/** Indexes of the columns that make a Sample; -1: no such column. */
export interface ColumnIndexes {
  readonly timeStamp: number;
  readonly elapsed: number;
  readonly label: number;
  readonly responseCode: number;
  readonly responseMessage: number;
  readonly threadName: number;
  readonly success: number;
  readonly failureMessage: number;
  readonly bytes: number;
  readonly hostname: number;
  readonly sampleCount: number;
  readonly errorCount: number;
  readonly sentBytes: number;
  readonly latency: number;
  readonly connect: number;
  readonly allThreads: number;
}

/** @param columns in the order of the rows */
export function columnIndexesOf(columns: readonly string[]): ColumnIndexes {
  const index = (name: string) => columns.indexOf(name);
  return {
    timeStamp: index("timeStamp"),
    elapsed: index("elapsed"),
    label: index("label"),
    responseCode: index("responseCode"),
    responseMessage: index("responseMessage"),
    threadName: index("threadName"),
    success: index("success"),
    failureMessage: index("failureMessage"),
    bytes: index("bytes"),
    hostname: index("Hostname"),
    sampleCount: index("SampleCount"),
    errorCount: index("ErrorCount"),
    sentBytes: index("sentBytes"),
    latency: index("Latency"),
    connect: index("Connect"),
    allThreads: index("allThreads"),
  };
}

/** A row's fields by the names of their columns, for sampleFrom(). */
export function fieldsAt(record: readonly string[], indexes: ColumnIndexes) {
  const at = (index: number) => (index < 0 ? undefined : record[index]);
  return {
    timeStamp: at(indexes.timeStamp),
    elapsed: at(indexes.elapsed),
    label: at(indexes.label),
    responseCode: at(indexes.responseCode),
    responseMessage: at(indexes.responseMessage),
    threadName: at(indexes.threadName),
    success: at(indexes.success),
    failureMessage: at(indexes.failureMessage),
    bytes: at(indexes.bytes),
    Hostname: at(indexes.hostname),
    SampleCount: at(indexes.sampleCount),
    ErrorCount: at(indexes.errorCount),
    sentBytes: at(indexes.sentBytes),
    Latency: at(indexes.latency),
    Connect: at(indexes.connect),
    allThreads: at(indexes.allThreads),
  };
}
