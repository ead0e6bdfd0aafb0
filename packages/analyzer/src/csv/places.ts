/** Where the columns stand that a Sample is made of; -1: not there. */
export interface Places {
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
}

/** @param columns in the order of the rows */
export function placesOf(columns: readonly string[]): Places {
  const place = (name: string) => columns.indexOf(name);
  return {
    timeStamp: place("timeStamp"),
    elapsed: place("elapsed"),
    label: place("label"),
    responseCode: place("responseCode"),
    responseMessage: place("responseMessage"),
    threadName: place("threadName"),
    success: place("success"),
    failureMessage: place("failureMessage"),
    bytes: place("bytes"),
    hostname: place("Hostname"),
    sampleCount: place("SampleCount"),
  };
}

/** A row's fields by the names of their columns, for sampleFrom(). */
export function fieldsAt(record: readonly string[], places: Places) {
  const at = (place: number) => (place < 0 ? undefined : record[place]);
  return {
    timeStamp: at(places.timeStamp),
    elapsed: at(places.elapsed),
    label: at(places.label),
    responseCode: at(places.responseCode),
    responseMessage: at(places.responseMessage),
    threadName: at(places.threadName),
    success: at(places.success),
    failureMessage: at(places.failureMessage),
    bytes: at(places.bytes),
    Hostname: at(places.hostname),
    SampleCount: at(places.sampleCount),
  };
}
