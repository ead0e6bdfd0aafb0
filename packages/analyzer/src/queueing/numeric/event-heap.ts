/** Future events by their time: a binary heap of numbered events. Equal times come in the order of their numbers. */
export class EventHeap {
  #times = new Float64Array(16);
  #ids = new Int32Array(16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Time of the next event; Infinity if the heap is empty. */
  get time(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  /** Number of the next event; only if there is one. */
  get id(): number {
    return this.#ids[0] as number;
  }

  push(time: number, id: number): void {
    if (this.#size === this.#times.length) this.#grow();
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isBefore(parent, time, id)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#times[at] = time;
    this.#ids[at] = id;
  }

  /** Removes the next event. */
  pop(): void {
    const size = --this.#size;
    const time = this.#times[size] as number;
    const id = this.#ids[size] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        this.#isBefore(child + 1, this.#times[child] as number, this.#ids[child] as number)
      )
        child++;
      if (!this.#isBefore(child, time, id)) break;
      this.#move(child, at);
      at = child;
    }
    this.#times[at] = time;
    this.#ids[at] = id;
  }

  #isBefore(at: number, time: number, id: number): boolean {
    const own = this.#times[at] as number;
    return own < time || (own === time && (this.#ids[at] as number) < id);
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as number;
    this.#ids[to] = this.#ids[from] as number;
  }

  #grow(): void {
    const [times, ids] = [this.#times, this.#ids];
    this.#times = new Float64Array(2 * times.length);
    this.#ids = new Int32Array(2 * ids.length);
    this.#times.set(times);
    this.#ids.set(ids);
  }
}
