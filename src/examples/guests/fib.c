// Compiled by zig 0.17 into fib.wat, whose bytes stand in a (module binary "..."):
// zig cc -target wasm32-freestanding -g -O0 -fno-sanitize=all -nostdlib
//     -ffile-prefix-map="$PWD"=/guest -Wl,--no-entry -o fib fib.c
__attribute__((export_name("fib")))
int fib(int n) {
  int previous = 0;
  int current = 1;
  for (int i = 0; i < n; i++) {
    int next = previous + current;
    previous = current;
    current = next;
  }
  return previous;
}
