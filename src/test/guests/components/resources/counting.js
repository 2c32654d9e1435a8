// The world counting of resources.wit.
let living = 0;

class Counter {
  constructor(start) {
    this.count = start;
    living++;
  }

  static merge(a, b) {
    const sum = new Counter(a.count + b.count);
    a[Symbol.dispose]();
    return sum;
  }

  static parse(text) {
    if (!/^[0-9]*$/.test(text)) throw text;
    return new Counter(Number(text));
  }

  add(n) {
    this.count += n;
    return this.count;
  }

  get() {
    return this.count;
  }

  [Symbol.dispose]() {
    living--;
  }
}

export const counters = {
  Counter,
  id: (c) => c,
  peek: (c) => c.count,
  finish: (c) => {
    c[Symbol.dispose]();
    return c.count;
  },
  sum: (counters) => counters.reduce((sum, c) => sum + c.count, 0),
  several: (n) => Array.from({ length: n }, (_, i) => new Counter(i)),
  maybe: (c) => c,
  live: () => living,
};
