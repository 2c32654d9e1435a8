// Compiled by zig 0.17 into lines-dwarf*.wat, whose bytes stand in a (module binary "..."):
// zig cc -target wasm32-freestanding -g -gdwarf-5 -O0 -fno-sanitize=all -nostdlib \
//     -ffile-prefix-map="$PWD"=/guest -Wl,--no-entry -o program lines.c
static int divide(int a, int b) {
  return a / b;
}

__attribute__((export_name("fall")))
int fall(int n) {
  if (n == 0) {
    return divide(1, n);
  }
  int below = fall(n - 1);
  return below + 1;
}
