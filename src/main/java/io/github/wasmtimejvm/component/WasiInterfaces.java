package io.github.wasmtimejvm.component;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The interfaces of WASI that the engine serves, under their exact names. */
final class WasiInterfaces {
  private static final String VERSION = "@0.2.12";

  private static final List<String> WASI =
      versioned(
          "wasi:cli/environment",
          "wasi:cli/exit",
          "wasi:cli/stderr",
          "wasi:cli/stdin",
          "wasi:cli/stdout",
          "wasi:cli/terminal-input",
          "wasi:cli/terminal-output",
          "wasi:cli/terminal-stderr",
          "wasi:cli/terminal-stdin",
          "wasi:cli/terminal-stdout",
          "wasi:clocks/monotonic-clock",
          "wasi:clocks/wall-clock",
          "wasi:filesystem/preopens",
          "wasi:filesystem/types",
          "wasi:io/error",
          "wasi:io/poll",
          "wasi:io/streams",
          "wasi:random/insecure",
          "wasi:random/insecure-seed",
          "wasi:random/random",
          "wasi:sockets/instance-network",
          "wasi:sockets/ip-name-lookup",
          "wasi:sockets/network",
          "wasi:sockets/tcp",
          "wasi:sockets/tcp-create-socket",
          "wasi:sockets/udp",
          "wasi:sockets/udp-create-socket");

  private static final List<String> HTTP =
      versioned("wasi:http/outgoing-handler", "wasi:http/types");

  private WasiInterfaces() {}

  private static List<String> versioned(String... names) {
    return Stream.of(names).map(name -> name + VERSION).toList();
  }

  /** Returns the names: those of {@code wasmtime_component_linker_add_wasip2}. */
  static Collection<String> wasi() {
    return WASI;
  }

  /** Returns the names: those of {@code wasmtime_component_linker_add_wasi_http}. */
  static Collection<String> http() {
    return HTTP;
  }
}
