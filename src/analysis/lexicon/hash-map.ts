/**
 * (number, number) -> number in one flat array, the three side by side: one look into memory a look-up. The edges of a trie, without
 * an object an edge. Absent is 0; keys are not -1.
 */
export class HashMap {
  #size = 0;
  #mask: number;
  #slots: Int32Array;

  /** @param slots as given by `slots` of the map to restore */
  constructor(slots?: Int32Array) {
    this.#slots = slots ?? new Int32Array(3 * 1024).fill(-1);
    this.#mask = this.#slots.length / 3 - 1;
  }

  /** A map of its own with the same content, for adding to. */
  static copyOf(slots: Int32Array): HashMap {
    const map = new HashMap(slots.slice());
    for (let at = 0; at < slots.length; at += 3) if (slots[at] !== -1) map.#size++;
    return map;
  }

  /** Everything there is to know of it, for `new HashMap(slots)`. A restored map is for reading. */
  get slots(): Int32Array {
    return this.#slots;
  }

  get(a: number, b: number): number {
    const slots = this.#slots;
    let slot = hash(a, b) & this.#mask;
    for (;;) {
      const at = 3 * slot;
      const key = slots[at]!;
      if (key === a && slots[at + 1] === b) return slots[at + 2]!;
      if (key === -1) return 0;
      slot = (slot + 1) & this.#mask;
    }
  }

  set(a: number, b: number, value: number): void {
    if (this.#size * 2 > this.#mask) this.#grow();
    const slots = this.#slots;
    let slot = hash(a, b) & this.#mask;
    while (slots[3 * slot] !== -1 && !(slots[3 * slot] === a && slots[3 * slot + 1] === b)) slot = (slot + 1) & this.#mask;
    if (slots[3 * slot] === -1) this.#size++;
    slots[3 * slot] = a;
    slots[3 * slot + 1] = b;
    slots[3 * slot + 2] = value;
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Int32Array(3 * (this.#mask + 1)).fill(-1);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 3) if (old[at] !== -1) this.set(old[at]!, old[at + 1]!, old[at + 2]!);
  }
}

const hash = (a: number, b: number): number => {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h ^= h >>> 15;
  return Math.imul(h, 0x2c1b3c6d) >>> 8;
};
