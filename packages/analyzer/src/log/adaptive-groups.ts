/** A group of values that can take another one's in. */
export interface Mergeable<Group> {
  merge(other: Group): void;
}

/** Groups as plain data: where each begins, and what is in it. */
export interface GroupsData<Data> {
  readonly width: number;
  readonly groups: readonly (readonly [from: number, data: Data])[];
}

/**
 * Groups by the place of a number on an axis, whose width doubles as often as needed to have at most so many groups: the
 * memory stays flat, whatever the range and the order of the numbers.
 *
 * @example
 * ```ts
 * class Sum { total = 0; merge(other: Sum) { this.total += other.total; } }
 * const groups = new AdaptiveGroups(1, 2, () => new Sum());
 * for (const at of [0, 1, 2, 3]) groups.at(at).total++;
 * [...groups].map(({ from, group }) => [from, group.total]); // [[0, 2], [2, 2]]
 * ```
 */
export class AdaptiveGroups<Group extends Mergeable<Group>> {
  #width: number;
  readonly #most: number;
  readonly #create: () => Group;
  #groups = new Map<number, Group>();
  #lastKey = Number.NaN;
  #last: Group | undefined;

  /** @param width of the groups at first @param most groups kept */
  constructor(width: number, most: number, create: () => Group) {
    this.#width = width;
    this.#most = most;
    this.#create = create;
  }

  get width(): number {
    return this.#width;
  }

  /** The group of a number. */
  at(value: number): Group {
    const key = Math.floor(value / this.#width);
    if (key === this.#lastKey && this.#last !== undefined) return this.#last;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= this.#most) {
        this.#widen(2 * this.#width);
        return this.at(value);
      }
      group = this.#create();
      this.#groups.set(key, group);
    }
    this.#lastKey = key;
    this.#last = group;
    return group;
  }

  /** Adds another one's groups; both began with the same width. */
  merge(other: AdaptiveGroups<Group>): void {
    if (other.#width > this.#width) this.#widen(other.#width);
    for (const { from, group } of other) this.at(from).merge(group);
  }

  /** @param dataOf a group as plain data, which can be sent to another thread */
  toData<Data>(dataOf: (group: Group) => Data): GroupsData<Data> {
    return { width: this.#width, groups: [...this].map(({ from, group }) => [from, dataOf(group)]) };
  }

  /** Adds another one's groups; both began with the same width. @param join adds one group's data */
  joinData<Data>({ width, groups }: GroupsData<Data>, join: (group: Group, data: Data) => void): void {
    if (width > this.#width) this.#widen(width);
    for (const [from, data] of groups) join(this.at(from), data);
  }

  /** The same in groups so many times as wide; these ones if that is 1. @param factor a whole number */
  coarsened(factor: number): AdaptiveGroups<Group> {
    if (factor === 1) return this;
    const wider = new AdaptiveGroups(factor * this.#width, this.#most, this.#create);
    for (const { from, group } of this) wider.at(from).merge(group);
    return wider;
  }

  get size(): number {
    return this.#groups.size;
  }

  /** In ascending order, each with the lower end of its place. */
  *[Symbol.iterator](): Generator<{ readonly from: number; readonly group: Group }> {
    const keys = [...this.#groups.keys()].sort((a, b) => a - b);
    for (const key of keys) yield { from: key * this.#width, group: this.#groups.get(key) as Group };
  }

  #widen(width: number): void {
    const factor = width / this.#width;
    const before = this.#groups;
    this.#width = width;
    this.#groups = new Map();
    this.#last = undefined;
    for (const [key, group] of before) {
      const wider = Math.floor(key / factor);
      const known = this.#groups.get(wider);
      if (known === undefined) this.#groups.set(wider, group);
      else known.merge(group);
    }
  }
}
