/** (number, number) -> number in flat arrays: the edges of a trie, without an object an edge. Absent is 0; keys are not -1. */
export class HashMap {
  #size = 0;
  #mask: number;
  #a: Int32Array;
  #b: Int32Array;
  #value: Int32Array;

  /** @param slots as given by `slots()` of the map to restore */
  constructor(slots?: Int32Array) {
    const length = slots === undefined ? 1024 : slots.length / 3;
    this.#mask = length - 1;
    this.#a = slots?.subarray(0, length) ?? new Int32Array(length).fill(-1);
    this.#b = slots?.subarray(length, 2 * length) ?? new Int32Array(length);
    this.#value = slots?.subarray(2 * length) ?? new Int32Array(length);
  }

  get(a: number, b: number): number {
    let slot = hash(a, b) & this.#mask;
    while (this.#a[slot] !== -1) {
      if (this.#a[slot] === a && this.#b[slot] === b) return this.#value[slot]!;
      slot = (slot + 1) & this.#mask;
    }
    return 0;
  }

  set(a: number, b: number, value: number): void {
    if (this.#size * 2 > this.#mask) this.#grow();
    let slot = hash(a, b) & this.#mask;
    while (this.#a[slot] !== -1 && !(this.#a[slot] === a && this.#b[slot] === b)) slot = (slot + 1) & this.#mask;
    if (this.#a[slot] === -1) this.#size++;
    this.#a[slot] = a;
    this.#b[slot] = b;
    this.#value[slot] = value;
  }

  /** Everything there is to know of it, for `new HashMap(slots)`. A restored map is for reading. */
  slots(): Int32Array {
    const out = new Int32Array(3 * this.#a.length);
    out.set(this.#a);
    out.set(this.#b, this.#a.length);
    out.set(this.#value, 2 * this.#a.length);
    return out;
  }

  #grow(): void {
    const [a, b, value] = [this.#a, this.#b, this.#value];
    this.#mask = this.#mask * 2 + 1;
    this.#a = new Int32Array(this.#mask + 1).fill(-1);
    this.#b = new Int32Array(this.#mask + 1);
    this.#value = new Int32Array(this.#mask + 1);
    this.#size = 0;
    for (let i = 0; i < a.length; i++) if (a[i] !== -1) this.set(a[i]!, b[i]!, value[i]!);
  }
}

const hash = (a: number, b: number): number => {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h ^= h >>> 15;
  return Math.imul(h, 0x2c1b3c6d) >>> 8;
};
