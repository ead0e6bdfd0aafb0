/** One row of a JMeter log: one `<sample>` or `<httpSample>`, or one CSV line. */
export interface Sample {
  /** Start, milliseconds since the epoch. */
  readonly timeStampMs: number;
  readonly elapsedMs: number;
  readonly label: string;
  readonly responseCode: string;
  readonly responseMessage: string;
  readonly threadName: string;
  readonly success: boolean;
  readonly sizeBytes: number;
  readonly hostname?: string;
  /** Only in XML with response data saved. */
  readonly responseData?: string;
}
