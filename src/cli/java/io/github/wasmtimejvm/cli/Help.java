package io.github.wasmtimejvm.cli;

/** What is said about the commands. */
final class Help {
  static final String GENERAL =
      """
      Runs WebAssembly programs with Wasmtime, on the JVM.

      Usage: wasmtime-jvm run [OPTIONS] FILE [ARGS...]
             wasmtime-jvm compile [OPTIONS] FILE
             wasmtime-jvm --version
             wasmtime-jvm --help

      "wasmtime-jvm run --help" and "wasmtime-jvm compile --help" have the options.
      """;

  static final String RUN =
      """
      Runs a WebAssembly module or component, in the binary or the text format, as a WASI
      program: a module's _start, a component's wasi:cli/run.

      Usage: wasmtime-jvm run [OPTIONS] FILE [ARGS...]

      All that follows FILE belongs to the program, also what looks like an option.

      Options:
        --dir HOST[::GUEST]   Let the program read and change the directory HOST, which it
                              sees as GUEST, or as HOST if that is not given
        --env NAME[=VALUE]    Set an environment variable; without a value, to the one it
                              has here, if any
        --invoke NAME         Call this exported function of a module, with ARGS as its
                              arguments, and print its results, one on a line
        --argv0 NAME          What the program is told as its own name, in place of FILE's
        --allow-precompiled   Let FILE be what "wasmtime-jvm compile" wrote. Who wrote it can
                              do here whatever you can
        -W, --wasm SETTINGS   Limits for the program, and what WebAssembly it may use
        -S, --wasi SETTINGS   What it may see of this process
        -O, --optimize SETTINGS, -C, --codegen SETTINGS, -D, --debug SETTINGS
                              How it is compiled
        -h, --help            Print this

      SETTINGS are as in "-W timeout=2s,gc=n". What is on or off has the value y or n, and is
      on if it has none.

      -W for limits; without them there are none but the engine's:
        timeout=N             The time that it may run: N s, or Nms, Nus, Nns
        fuel=N                About how many instructions it may execute
        max-memory-size=N     Bytes that each memory may have
        max-table-elements=N  Elements that each table may have
        max-memories=N, max-tables=N, max-instances=N
                              How many of these there may be
        max-wasm-stack=N      Bytes of stack that it may use, up to 2 MiB

      -S:
        cli                   Whether there is WASI at all: on
        inherit-env           Its environment is that of this process, and what --env says
        inherit-stdin, inherit-stdout, inherit-stderr
                              It uses the streams of this process: on
        inherit-network, allow-ip-name-lookup
                              A component may open sockets, and look up names of hosts: off.
                              Modules can do neither
        http                  A component may make requests, to any host: off
        cli-exit-with-code    A component may exit with any code: always on

      """
          + settings()
          + """

          Exit status: the program's own; 134 if it trapped or its time was up, 1 if it could not
          be run, 2 if this command line is wrong.
          """;

  static final String COMPILE =
      """
      Compiles a WebAssembly module or component, in the binary or the text format, for
      "wasmtime-jvm run --allow-precompiled", Module.deserialize and Component.deserialize.

      Usage: wasmtime-jvm compile [OPTIONS] FILE

      The result is for this version on this platform, for processors that have all that this
      one has, and for the same settings. It has a SHA-256, and is not loaded if it was damaged.
      The official tool's files of modules are loaded by Module.trustCompiled only, those of
      components not at all.

      Options:
        -o, --output FILE     Write this file; by default FILE's name with the ending .cwasm,
                              in the current directory
        -W, --wasm SETTINGS   What will be said when it is run, if it needs other code: timeout,
                              fuel and what is below
        -O, --optimize SETTINGS, -C, --codegen SETTINGS, -D, --debug SETTINGS
                              How it is compiled
        -h, --help            Print this

      """
          + settings()
          + """

          Exit status: 0; 1 if it could not be compiled, 2 if this command line is wrong.
          """;

  private Help() {}

  private static String settings() {
    return """
    -W for what it may use:
      bulk-memory, multi-memory, multi-value, reference-types, simd, relaxed-simd, tail-call,
      threads, memory64, function-references, gc, exceptions, wide-arithmetic
                            Proposals: on
      custom-page-sizes, branch-hinting, compact-imports, shared-memory
                            Proposals: off
      gc-support            Whether there are heaps for gc and exceptions: on
      nan-canonicalization, relaxed-simd-deterministic
                            The same results on all processors: off
      epoch-interruption    It can be interrupted: on with timeout, else off
      unknown-imports-trap, unknown-imports-default
                            What it imports and nobody has: functions that trap, or zeros: off

    -O:
      opt-level=0|1|2|s     2 by default; s makes small code
      regalloc-algorithm=backtracking|single-pass
      memory-may-move, memory-reservation=N, memory-reservation-for-growth=N,
      memory-guard-size=N, memory-init-cow, signals-based-traps

    -C:
      compiler=cranelift|winch
      cranelift-debug-verifier, parallel-compilation, native-unwind-info
      cranelift-FLAG[=VALUE]

    -D:
      debug-info            For debuggers of the system
    """;
  }
}
