/** (number, number) -> number in flat arrays: the edges of a trie, without an object an edge. Absent is 0. */
export class HashMap {
  #size = 0;
  #mask = 1023;
  #a = new Int32Array(1024).fill(-1);
  #b = new Int32Array(1024);
  #value = new Int32Array(1024);

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
