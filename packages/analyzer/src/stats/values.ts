/** Numbers in order: an array, or a typed one if there are millions. */
export interface Values extends ArrayLike<number>, Iterable<number> {
  slice(from?: number, to?: number): Values;
}
