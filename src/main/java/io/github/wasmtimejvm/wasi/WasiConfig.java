package io.github.wasmtimejvm.wasi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.capi.Wasi;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeStore;
import io.github.wasmtimejvm.internal.Access;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a WASI program may see of the host: {@code wasi_config_t} in C. Without any setting it sees
 * nothing: no arguments, no environment, no files, no network, an empty standard input, and its
 * output is thrown away.
 *
 * <p>A configuration never changes and may serve any number of stores and threads. Files and
 * directories are opened each time that it is applied.
 */
public final class WasiConfig {
  private record Directory(String host, String guest, boolean writable) {}

  private sealed interface Stream {
    record Inherited() implements Stream {}

    record OfFile(String file) implements Stream {}

    record OfBytes(byte[] bytes) implements Stream {}
  }

  private final List<String> args;
  private final Map<String, String> env;
  private final List<Directory> directories;
  private final @Nullable Stream stdin;
  private final @Nullable Stream stdout;
  private final @Nullable Stream stderr;
  private final boolean network;
  private final boolean ipNameLookup;

  private WasiConfig(Builder builder) {
    this.args = List.copyOf(builder.args);
    this.env = new LinkedHashMap<>(builder.env);
    this.directories = List.copyOf(builder.directories);
    this.stdin = builder.stdin;
    this.stdout = builder.stdout;
    this.stderr = builder.stderr;
    this.network = builder.network;
    this.ipNameLookup = builder.ipNameLookup;
  }

  /** Returns a builder for a configuration, which lets the program see nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** What a new configuration shall allow. */
  public static final class Builder {
    private final List<String> args = new ArrayList<>();
    private final Map<String, String> env = new LinkedHashMap<>();
    private final List<Directory> directories = new ArrayList<>();
    private @Nullable Stream stdin;
    private @Nullable Stream stdout;
    private @Nullable Stream stderr;
    private boolean network;
    private boolean ipNameLookup;

    private Builder() {}

    /**
     * Adds arguments: {@code wasi_config_set_argv}. The first of all is the program's name.
     *
     * @param args the arguments
     * @return this
     * @throws IllegalArgumentException if one cannot be encoded, or contains a zero character
     */
    public Builder args(String... args) {
      return args(List.of(args));
    }

    /**
     * Adds arguments: {@code wasi_config_set_argv}. The first of all is the program's name.
     *
     * @param args the arguments
     * @return this
     * @throws IllegalArgumentException if one cannot be encoded, or contains a zero character
     */
    public Builder args(List<String> args) {
      List<String> stable = List.copyOf(args); // what is checked must be what is added
      stable.forEach(arg -> CString.check(arg, "argument"));
      this.args.addAll(stable);
      return this;
    }

    /**
     * Adds the command line of this process, as {@code wasi_config_inherit_argv} does: the {@code
     * java} command, its options and all that follows.
     *
     * @return this
     * @throws IllegalStateException if the system does not tell it
     * @throws IllegalArgumentException if an argument cannot be encoded
     */
    public Builder inheritArgs() {
      ProcessHandle.Info process = ProcessHandle.current().info();
      String command =
          process
              .command()
              .orElseThrow(() -> new IllegalStateException("the command line is not known"));
      return args(command).args(process.arguments().orElseGet(() -> new String[0]));
    }

    /**
     * Adds the environment variable, or replaces it: {@code wasi_config_set_env}.
     *
     * @param name its name, not empty and without {@code =}
     * @param value its value
     * @return this
     * @throws IllegalArgumentException if one cannot be encoded, or contains a zero character
     */
    public Builder env(String name, String value) {
      CString.check(name, "environment variable");
      CString.check(value, "value of an environment variable");
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw new IllegalArgumentException("not a name for an environment variable: " + name);
      }
      env.put(name, value);
      return this;
    }

    /**
     * Adds all environment variables of this process, as {@code wasi_config_inherit_env} does.
     * Those that cannot be passed on, for Windows has odd names, are left out.
     *
     * @return this
     */
    public Builder inheritEnv() {
      System.getenv()
          .forEach(
              (name, value) -> {
                if (!name.isEmpty()
                    && name.indexOf('=') < 0
                    && CString.isEncodable(name)
                    && CString.isEncodable(value)) {
                  env.put(name, value);
                }
              });
      return this;
    }

    /**
     * Lets the program use the process's standard input: {@code wasi_config_inherit_stdin}. It
     * bypasses {@link System#in}.
     *
     * @return this
     */
    public Builder inheritStdin() {
      stdin = new Stream.Inherited();
      return this;
    }

    /**
     * Lets the program use the process's standard output: {@code wasi_config_inherit_stdout}. It
     * bypasses {@link System#out}.
     *
     * @return this
     */
    public Builder inheritStdout() {
      stdout = new Stream.Inherited();
      return this;
    }

    /**
     * Lets the program use the process's standard error: {@code wasi_config_inherit_stderr}. It
     * bypasses {@link System#err}.
     *
     * @return this
     */
    public Builder inheritStderr() {
      stderr = new Stream.Inherited();
      return this;
    }

    /**
     * Lets the program use the process's standard input, output and error.
     *
     * @return this
     */
    public Builder inheritStdio() {
      return inheritStdin().inheritStdout().inheritStderr();
    }

    /**
     * Takes standard input from a file: {@code wasi_config_set_stdin_file}.
     *
     * @param file the file
     * @return this
     * @throws IllegalArgumentException if it is not in the default file system
     */
    public Builder stdinFile(Path file) {
      stdin = new Stream.OfFile(name(file, "file"));
      return this;
    }

    /**
     * Takes standard input from bytes: {@code wasi_config_set_stdin_bytes}.
     *
     * @param bytes the bytes, which are copied
     * @return this
     */
    public Builder stdinBytes(byte[] bytes) {
      stdin = new Stream.OfBytes(bytes.clone());
      return this;
    }

    /**
     * Writes standard output to a file, which is created or made empty: {@code
     * wasi_config_set_stdout_file}.
     *
     * @param file the file
     * @return this
     * @throws IllegalArgumentException if it is not in the default file system
     */
    public Builder stdoutFile(Path file) {
      stdout = new Stream.OfFile(name(file, "file"));
      return this;
    }

    /**
     * Writes standard error to a file, which is created or made empty: {@code
     * wasi_config_set_stderr_file}.
     *
     * @param file the file
     * @return this
     * @throws IllegalArgumentException if it is not in the default file system
     */
    public Builder stderrFile(Path file) {
      stderr = new Stream.OfFile(name(file, "file"));
      return this;
    }

    /**
     * Lets the program read what is in a directory: {@code wasi_config_preopen_dir}.
     *
     * @param host the directory
     * @param guest its name for the program, for example {@code /data}
     * @return this
     * @throws IllegalArgumentException if a name cannot be encoded, or contains a zero character,
     *     or {@code host} is not in the default file system
     */
    public Builder readOnlyDirectory(Path host, String guest) {
      return directory(host, guest, false);
    }

    /**
     * Lets the program read and change what is in a directory: {@code wasi_config_preopen_dir}.
     *
     * @param host the directory
     * @param guest its name for the program, for example {@code /data}
     * @return this
     * @throws IllegalArgumentException if a name cannot be encoded, or contains a zero character,
     *     or {@code host} is not in the default file system
     */
    public Builder writableDirectory(Path host, String guest) {
      return directory(host, guest, true);
    }

    private Builder directory(Path host, String guest, boolean writable) {
      CString.check(guest, "name of a directory");
      directories.add(new Directory(name(host, "directory"), guest, writable));
      return this;
    }

    /**
     * Lets the program reach every address that this process can: {@code
     * wasi_config_inherit_network}. A program of preview 1 cannot open a socket all the same: the
     * setting is for components.
     *
     * @return this
     */
    public Builder inheritNetwork() {
      network = true;
      return this;
    }

    /**
     * Lets the program look up names of hosts: {@code wasi_config_allow_ip_name_lookup}. Preview 1
     * has no function for that: the setting is for components.
     *
     * @return this
     */
    public Builder allowIpNameLookup() {
      ipNameLookup = true;
      return this;
    }

    // Only the name goes to the engine, so "/" of a zip file would open the root of the host.
    private static String name(Path path, String what) {
      if (path.getFileSystem() != FileSystems.getDefault()) {
        throw new IllegalArgumentException(
            "the " + what + " is not in the default file system: " + path);
      }
      String name = path.toString();
      CString.check(name, what);
      return name;
    }

    /** Returns the configuration. */
    public WasiConfig build() {
      return new WasiConfig(this);
    }
  }

  /**
   * Gives a store this configuration, in place of one that it has: {@code
   * wasmtime_context_set_wasi}.
   *
   * @param store the store
   * @throws IllegalArgumentException if a file or directory cannot be opened
   */
  public void applyTo(Store store) {
    StoreState state = Access.get().state(store);
    state.enter();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = Wasi.wasi_config_new();
      boolean complete = false;
      try {
        fill(config, arena);
        complete = true;
      } finally {
        if (!complete) {
          Wasi.wasi_config_delete(config);
        }
      }
      Access.get().check(WasmtimeStore.wasmtime_context_set_wasi(state.context(), config));
      state.setWasi();
    } finally {
      state.exit();
    }
  }

  private void fill(MemorySegment config, Arena arena) {
    check(
        Wasi.wasi_config_set_argv(config, args.size(), CString.array(arena, args)),
        "arguments",
        args);
    check(
        Wasi.wasi_config_set_env(
            config,
            env.size(),
            CString.array(arena, List.copyOf(env.keySet())),
            CString.array(arena, List.copyOf(env.values()))),
        "environment",
        env);
    switch (stdin) {
      case Stream.Inherited _ -> Wasi.wasi_config_inherit_stdin(config);
      case Stream.OfFile(String file) ->
          check(
              Wasi.wasi_config_set_stdin_file(config, CString.of(arena, file)),
              "standard input",
              file);
      case Stream.OfBytes(byte[] bytes) -> setStdinBytes(config, bytes, arena);
      case null -> {}
    }
    switch (stdout) {
      case Stream.Inherited _ -> Wasi.wasi_config_inherit_stdout(config);
      case Stream.OfFile(String file) ->
          check(
              Wasi.wasi_config_set_stdout_file(config, CString.of(arena, file)),
              "standard output",
              file);
      case Stream.OfBytes _ -> throw new AssertionError();
      case null -> {}
    }
    switch (stderr) {
      case Stream.Inherited _ -> Wasi.wasi_config_inherit_stderr(config);
      case Stream.OfFile(String file) ->
          check(
              Wasi.wasi_config_set_stderr_file(config, CString.of(arena, file)),
              "standard error",
              file);
      case Stream.OfBytes _ -> throw new AssertionError();
      case null -> {}
    }
    for (Directory directory : directories) {
      check(
          Wasi.wasi_config_preopen_dir(
              config,
              CString.of(arena, directory.host()),
              CString.of(arena, directory.guest()),
              directory.writable()),
          "directory",
          directory.host());
    }
    if (network) {
      Wasi.wasi_config_inherit_network(config);
    }
    Wasi.wasi_config_allow_ip_name_lookup(config, ipNameLookup);
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
