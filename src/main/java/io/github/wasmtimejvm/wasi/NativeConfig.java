package io.github.wasmtimejvm.wasi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.capi.Wasi;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StandardDescriptors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Predicate;

/** The engine's share of a configuration: {@code wasi_config_t}. */
final class NativeConfig {
  private NativeConfig() {}

  /**
   * Creates one, which the caller owns.
   *
   * @throws IllegalArgumentException if a file or directory cannot be opened
   */
  static MemorySegment create(WasiConfig settings, Arena arena) {
    MemorySegment config = Wasi.wasi_config_new();
    boolean complete = false;
    try {
      fill(config, settings, arena);
      complete = true;
      return config;
    } finally {
      if (!complete) {
        Wasi.wasi_config_delete(config);
      }
    }
  }

  private static void fill(MemorySegment config, WasiConfig settings, Arena arena) {
    check(
        Wasi.wasi_config_set_argv(
            config, settings.args.size(), CString.array(arena, settings.args)),
        "arguments",
        settings.args);
    check(
        Wasi.wasi_config_set_env(
            config,
            settings.env.size(),
            CString.array(arena, List.copyOf(settings.env.keySet())),
            CString.array(arena, List.copyOf(settings.env.values()))),
        "environment",
        settings.env);
    switch (settings.stdin) {
      case Stdio.Inherited _ -> {
        if (StandardDescriptors.isOpen(StandardDescriptors.STDIN)) {
          Wasi.wasi_config_inherit_stdin(config);
        }
      }
      case Stdio.OfFile(String file) ->
          check(
              Wasi.wasi_config_set_stdin_file(config, CString.of(arena, file)),
              "standard input",
              file);
      case Stdio.OfBytes(byte[] bytes) -> setStdinBytes(config, bytes, arena);
      default -> {} // empty
    }
    setOutput(
        settings.stdout,
        StandardDescriptors.STDOUT,
        () -> Wasi.wasi_config_inherit_stdout(config),
        file -> Wasi.wasi_config_set_stdout_file(config, CString.of(arena, file)),
        "standard output");
    setOutput(
        settings.stderr,
        StandardDescriptors.STDERR,
        () -> Wasi.wasi_config_inherit_stderr(config),
        file -> Wasi.wasi_config_set_stderr_file(config, CString.of(arena, file)),
        "standard error");
    for (WasiConfig.Directory directory : settings.directories) {
      check(
          Wasi.wasi_config_preopen_dir(
              config,
              CString.of(arena, directory.host()),
              CString.of(arena, directory.guest()),
              directory.writable()),
          "directory",
          directory.host());
    }
    if (settings.network) {
      Wasi.wasi_config_inherit_network(config);
    }
    Wasi.wasi_config_allow_ip_name_lookup(config, settings.ipNameLookup);
  }

  private static void setOutput(
      Stdio stdio, int descriptor, Runnable inherit, Predicate<String> setFile, String what) {
    switch (stdio) {
      case Stdio.Inherited _ -> {
        if (StandardDescriptors.isOpen(descriptor)) {
          inherit.run();
        }
      }
      case Stdio.OfFile(String file) -> check(setFile.test(file), what, file);
      default -> {} // thrown away
    }
  }

  // The engine frees the vector's memory with its own allocator, so it must come from there.
  private static void setStdinBytes(MemorySegment config, byte[] bytes, Arena arena) {
    MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
    Wasm.wasm_byte_vec_new_uninitialized(vector, bytes.length);
    if (bytes.length > 0) {
      MemorySegment data = NativeVector.sized(vector.get(ADDRESS, 8), bytes.length);
      MemorySegment.copy(bytes, 0, data, JAVA_BYTE, 0, bytes.length);
    }
    Wasi.wasi_config_set_stdin_bytes(config, vector);
  }

  // The C API says no more than that it failed.
  private static void check(boolean done, String what, Object value) {
    if (!done) {
      throw new IllegalArgumentException("cannot be used as " + what + ": " + value);
    }
  }
}
