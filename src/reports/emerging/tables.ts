/** Hash tables of typed arrays: millions of entries in a tenth of the memory that a Map would take. */

const FIRST_SLOTS = 1 << 12;

/** A set of numbers above 0, whole and below 2^53. */
export class KeySet {
  protected keys = new Float64Array(FIRST_SLOTS);
  size = 0;

  has(key: number): boolean {
    return this.keys[this.slotOf(key)] === key;
  }

  /** @returns whether it was not there */
  add(key: number): boolean {
    let slot = this.slotOf(key);
    if (this.keys[slot] === key) return false;
    if (this.size * 2 >= this.keys.length) {
      this.grow();
      slot = this.slotOf(key);
    }
    this.keys[slot] = key;
    this.size++;
    return true;
  }

  clear(): void {
    this.keys = new Float64Array(FIRST_SLOTS);
    this.size = 0;
  }

  protected slotOf(key: number, keys = this.keys): number {
    const mask = keys.length - 1;
    let slot = Math.imul(key % 0x7fffffff, 0x9e3779b1) >>> 7 & mask; // prettier-ignore
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  protected grow(): void {
    const grown = new Float64Array(this.keys.length * 2);
    for (const key of this.keys) if (key !== 0) grown[this.slotOf(key, grown)] = key;
    this.keys = grown;
  }
}

/** What is known of a term. */
export interface TermCount {
  key: number;
  /** Words in it. */
  length: number;
  language: number;
  /** Authors who used it in the period, and authors a stretch of the baseline. */
  count: number;
  baseline: number;
  /** Days after the first day of the baseline on which it was first used. */
  firstDay: number;
}

/** Terms by key, each with its counts. */
export class TermTable extends KeySet {
  #kind = new Uint16Array(FIRST_SLOTS);
  #count = new Uint32Array(FIRST_SLOTS);
  #baseline = new Uint32Array(FIRST_SLOTS);
  #firstDay = new Uint16Array(FIRST_SLOTS);

  /** Counts one author's use. */
  use(key: number, language: number, length: number, day: number, inPeriod: boolean): void {
    this.add(key);
    const slot = this.slotOf(key);
    if (this.#kind[slot] === 0) {
      this.#kind[slot] = language * 4 + length;
      this.#firstDay[slot] = day;
    } else if (day < this.#firstDay[slot]!) this.#firstDay[slot] = day;
    if (inPeriod) this.#count[slot]!++;
    else this.#baseline[slot]!++;
  }

  /** An author who has been counted used it on another day too. */
  see(key: number, day: number): void {
    const slot = this.slotOf(key);
    if (day < this.#firstDay[slot]!) this.#firstDay[slot] = day;
  }

  *[Symbol.iterator](): Generator<TermCount> {
    for (let slot = 0; slot < this.keys.length; slot++) {
      if (this.keys[slot] === 0) continue;
      const kind = this.#kind[slot]!;
      yield {
        key: this.keys[slot]!,
        length: kind & 3,
        language: kind >> 2,
        count: this.#count[slot]!,
        baseline: this.#baseline[slot]!,
        firstDay: this.#firstDay[slot]!,
      };
    }
  }

  protected override grow(): void {
    const { keys } = this;
    const columns = [this.#kind, this.#count, this.#baseline, this.#firstDay];
    super.grow();
    const size = this.keys.length;
    this.#kind = new Uint16Array(size);
    this.#count = new Uint32Array(size);
    this.#baseline = new Uint32Array(size);
    this.#firstDay = new Uint16Array(size);
    const grown = [this.#kind, this.#count, this.#baseline, this.#firstDay];
    for (let from = 0; from < keys.length; from++) {
      if (keys[from] === 0) continue;
      const to = this.slotOf(keys[from]!);
      columns.forEach((column, i) => (grown[i]![to] = column[from]!));
    }
  }
}
