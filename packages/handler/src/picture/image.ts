/** RGB pixels, 3 bytes each, row by row. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle in whole pixels, inside its picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A found face; score 0..1. */
export interface Face extends Box {
  readonly score: number;
}
