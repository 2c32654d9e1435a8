/**
 * The Wasmtime WebAssembly engine for the JVM, through its C API and {@code java.lang.foreign}.
 *
 * <p>The native libraries are in one module per platform, which provides a {@link
 * io.github.wasmtimejvm.spi.NativesProvider}. On the module path the JVM needs {@code
 * --enable-native-access=io.github.wasmtimejvm}.
 */
module io.github.wasmtimejvm {
  // How much stack the JVM keeps for itself is known to its diagnostic bean alone.
  requires jdk.management;
  requires java.management;
  // The Flight Recorder is told what happens where there is one.
  requires static jdk.jfr;
  // Nullness annotations only: nothing asks for them at run time. Not transitive, since then no
  // module of a consumer would compile without them.
  requires static org.jspecify;

  exports io.github.wasmtimejvm;
  exports io.github.wasmtimejvm.capi;
  exports io.github.wasmtimejvm.component;
  exports io.github.wasmtimejvm.spi;
  exports io.github.wasmtimejvm.wasi;

  uses io.github.wasmtimejvm.spi.NativesProvider;
}
