export const OTHER_NAMES = "other";

/** Numbers names from 1 on, in the order in which they come; beyond so many, all others have the number 0. */
export class NameNumbers {
  readonly #names: string[] = [OTHER_NAMES];
  readonly #numbers = new Map<string, number>();
  readonly #most: number;
  #lastName = OTHER_NAMES;
  #lastNumber = 0;

  /** @param most names that are told apart */
  constructor(most: number) {
    this.#most = most;
  }

  /** By their numbers. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Whether another name would not be told apart. */
  get isFull(): boolean {
    return this.#names.length > this.#most;
  }

  /** The number of a name, which is a new one if the name is. */
  of(name: string): number {
    // Often the same as before; looking it up takes longer.
    if (name !== this.#lastName) {
      this.#lastName = name;
      this.#lastNumber = this.#numbers.get(name) ?? this.#add(name);
    }
    return this.#lastNumber;
  }

  #add(name: string): number {
    if (this.isFull || name === OTHER_NAMES) return 0;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}
