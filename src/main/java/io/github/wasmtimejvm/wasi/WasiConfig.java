package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.capi.Wasi;
import io.github.wasmtimejvm.capi.WasmtimeStore;
import io.github.wasmtimejvm.internal.DecodedText;
import io.github.wasmtimejvm.internal.Runtimes;
import io.github.wasmtimejvm.internal.StoreState;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a WASI program may see of the host: {@code wasi_config_t} in C. Without any setting it sees
 * nothing: no arguments, no environment, no files, no network, an empty standard input, and its
 * output is thrown away.
 *
 * <p>It serves modules and components alike. What Java does for modules, components cannot have,
 * and they are not instantiated with it: streams of Java's, a {@link WasiClock}, {@link
 * Builder#random}, {@link Builder#maxOpenFiles}, {@link Builder#inFront}, {@link
 * Builder#unwindingExit}.
 *
 * <p>A configuration never changes and may serve any number of stores and threads. Files and
 * directories are opened each time that it is applied. Streams, clocks and functions of Java's must
 * be safe for threads if several use it at once.
 */
public final class WasiConfig {
  record Directory(String host, String guest, boolean writable) {}

  /** A function that intercepts one of WASI's. */
  record Interceptor(String name, WasiFunction function) {}

  final List<String> args;
  final Map<String, String> env;
  final List<Directory> directories;
  final Stdio stdin;
  final Stdio stdout;
  final Stdio stderr;
  final @Nullable WasiClock clock;
  final @Nullable RandomGenerator random;
  final boolean unwindingExit;
  final boolean network;
  final boolean ipNameLookup;
  final boolean http;
  final @Nullable Integer maxOpenFiles;
  final List<Interceptor> interceptors;

  private WasiConfig(Builder builder) {
    this.args = List.copyOf(builder.args);
    this.env = new LinkedHashMap<>(builder.env);
    this.directories = List.copyOf(builder.directories);
    this.stdin = builder.stdin;
    this.stdout = builder.stdout;
    this.stderr = builder.stderr;
    this.clock = builder.clock;
    this.random = builder.random;
    this.unwindingExit = builder.unwindingExit;
    this.network = builder.network;
    this.ipNameLookup = builder.ipNameLookup;
    this.http = builder.http;
    this.maxOpenFiles = builder.maxOpenFiles;
    this.interceptors = List.copyOf(builder.interceptors);
  }

  /**
   * Returns a builder for a configuration, which lets the program see nothing yet. Threads: any.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** What a new configuration is to allow. */
  public static final class Builder {
    private final List<String> args = new ArrayList<>();
    private final Map<String, String> env = new LinkedHashMap<>();
    private final List<Directory> directories = new ArrayList<>();
    private Stdio stdin = Stdio.NONE;
    private Stdio stdout = Stdio.NONE;
    private Stdio stderr = Stdio.NONE;
    private @Nullable WasiClock clock;
    private @Nullable RandomGenerator random;
    private boolean unwindingExit;
    private boolean network;
    private boolean ipNameLookup;
    private boolean http;
    private @Nullable Integer maxOpenFiles;
    private final List<Interceptor> interceptors = new ArrayList<>();

    private Builder() {}

    /**
     * Adds arguments: {@code wasi_config_set_argv}. The first of all is the program's name.
     * Threads: one at a time.
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
     * Threads: one at a time.
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
     * java} command, its options and all that follows. Threads: one at a time.
     *
     * @return this
     * @throws IllegalStateException if the system does not tell it
     * @throws IllegalArgumentException if an argument is not UTF-8, or Java cannot read it in this
     *     locale; none is added then
     */
    public Builder inheritArgs() {
      ProcessHandle.Info process = ProcessHandle.current().info();
      String command =
          process
              .command()
              .orElseThrow(() -> new IllegalStateException("the command line is not known"));
      List<String> all = new ArrayList<>(List.of(command));
      all.addAll(List.of(process.arguments().orElseGet(() -> new String[0])));
      for (String argument : all) {
        checkDecoded(DecodedText.refusalOfArgument(argument));
      }
      return args(all);
    }

    private static void checkDecoded(@Nullable String refusal) {
      if (refusal != null) {
        throw new IllegalArgumentException(refusal);
      }
    }

    /**
     * Adds the environment variable, or replaces it: {@code wasi_config_set_env}. Threads: one at a
     * time.
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
     * Those that cannot be passed on, for Windows has odd names, are left out. Threads: one at a
     * time.
     *
     * @return this
     * @throws IllegalArgumentException if one is not UTF-8, or Java cannot read it in this locale;
     *     none is added then
     */
    public Builder inheritEnv() {
      Map<String, String> inherited = new LinkedHashMap<>();
      System.getenv()
          .forEach(
              (name, value) -> {
                checkDecoded(DecodedText.refusalOfVariable(name, value));
                if (!name.isEmpty()
                    && name.indexOf('=') < 0
                    && CString.isEncodable(name)
                    && CString.isEncodable(value)) {
                  inherited.put(name, value);
                }
              });
      env.putAll(inherited);
      return this;
    }

    /**
     * Lets the program use the process's standard input: {@code wasi_config_inherit_stdin}. It
     * bypasses {@link System#in}. Where the process was started with it closed, it is empty.
     * Threads: one at a time.
     *
     * @return this
     */
    public Builder inheritStdin() {
      stdin = Stdio.INHERITED;
      return this;
    }

    /**
     * Lets the program use the process's standard output: {@code wasi_config_inherit_stdout}. It
     * bypasses {@link System#out}. Where the process was started with it closed, what is written is
     * thrown away. Threads: one at a time.
     *
     * @return this
     */
    public Builder inheritStdout() {
      stdout = Stdio.INHERITED;
      return this;
    }

    /**
     * Lets the program use the process's standard error: {@code wasi_config_inherit_stderr}. It
     * bypasses {@link System#err}. Where the process was started with it closed, what is written is
     * thrown away. Threads: one at a time.
     *
     * @return this
     */
    public Builder inheritStderr() {
      stderr = Stdio.INHERITED;
      return this;
    }

    /**
     * Lets the program use the process's standard input, output and error. Threads: one at a time.
     *
     * @return this
     */
    public Builder inheritStdio() {
      return inheritStdin().inheritStdout().inheritStderr();
    }

    /**
     * Takes standard input from a file: {@code wasi_config_set_stdin_file}. Threads: one at a time.
     *
     * @param file the file
     * @return this
     * @throws IllegalArgumentException if it is not in the default file system
     */
    public Builder stdinFile(Path file) {
      stdin = new Stdio.OfFile(name(file, "file"));
      return this;
    }

    /**
     * Takes standard input from bytes: {@code wasi_config_set_stdin_bytes}. Threads: one at a time.
     *
     * @param bytes the bytes, which are copied
     * @return this
     */
    public Builder stdinBytes(byte[] bytes) {
      stdin = new Stdio.OfBytes(bytes.clone());
      return this;
    }

    /**
     * Writes standard output to a file, which is created or made empty: {@code
     * wasi_config_set_stdout_file}. Threads: one at a time.
     *
     * @param file the file
     * @return this
     * @throws IllegalArgumentException if it is not in the default file system
     */
    public Builder stdoutFile(Path file) {
      stdout = new Stdio.OfFile(name(file, "file"));
      return this;
    }

    /**
     * Writes standard error to a file, which is created or made empty: {@code
     * wasi_config_set_stderr_file}. Threads: one at a time.
     *
     * @param file the file
     * @return this
     * @throws IllegalArgumentException if it is not in the default file system
     */
    public Builder stderrFile(Path file) {
      stderr = new Stdio.OfFile(name(file, "file"));
      return this;
    }

    /**
     * Takes standard input from a stream of Java's. Mostly the guest's thread reads it; where the
     * engine allows interruption, or the guest asks whether there is input, another thread reads
     * ahead, and what no guest took is there for the next one of this configuration. Threads: one
     * at a time.
     *
     * @param stream the stream, which stays open; what it throws unwinds the guest and reaches who
     *     called it as the same object. Where a read gives no bytes, the guest is told that it ends
     * @return this
     */
    public Builder stdin(InputStream stream) {
      stdin = new Stdio.OfInput(new Input(Objects.requireNonNull(stream, "stream")));
      return this;
    }

    /**
     * Writes standard output to a stream of Java's, on the guest's thread, for example an {@link
     * OutputCapture}. It is flushed after each call of the guest's. Threads: one at a time.
     *
     * @param stream the stream, which stays open; what it throws unwinds the guest and reaches who
     *     called it as the same object
     * @return this
     */
    public Builder stdout(OutputStream stream) {
      stdout = new Stdio.OfOutput(Objects.requireNonNull(stream, "stream"));
      return this;
    }

    /**
     * Writes standard error to a stream of Java's; see {@link #stdout}. Threads: one at a time.
     *
     * @param stream the stream, which stays open
     * @return this
     */
    public Builder stderr(OutputStream stream) {
      stderr = new Stdio.OfOutput(Objects.requireNonNull(stream, "stream"));
      return this;
    }

    /**
     * Gives standard output to Java line by line, on the guest's thread. It is text in UTF-8; what
     * is not becomes U+FFFD. A line of a mebibyte and more comes in pieces, which may divide a
     * character; what has no end of line behind it comes when the store is closed. Threads: one at
     * a time.
     *
     * @param lines gets each line, without its end; what it throws unwinds the guest and reaches
     *     who called it as the same object
     * @return this
     */
    public Builder stdoutLines(Consumer<String> lines) {
      stdout = new Stdio.OfLines(Objects.requireNonNull(lines, "lines"));
      return this;
    }

    /**
     * Gives standard error to Java line by line; see {@link #stdoutLines}. Threads: one at a time.
     *
     * @param lines gets each line, without its end
     * @return this
     */
    public Builder stderrLines(Consumer<String> lines) {
      stderr = new Stdio.OfLines(Objects.requireNonNull(lines, "lines"));
      return this;
    }

    /**
     * Sets the clocks that the program sees, and how it sleeps. Threads: one at a time.
     *
     * @param clock the clocks; by default the system's
     * @return this
     */
    public Builder clock(WasiClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets where the program's random numbers come from: {@code random_get}. Threads: one at a
     * time.
     *
     * @param random the source; by default the system's, fit for cryptography. One with a seed, for
     *     example {@code new Random(42)}, makes runs reproducible, and must be safe for threads if
     *     several use this configuration
     * @return this
     */
    public Builder random(RandomGenerator random) {
      this.random = Objects.requireNonNull(random, "random");
      return this;
    }

    /**
     * Makes {@code proc_exit}, and any {@link io.github.wasmtimejvm.ExitException} that a host
     * function throws, a WebAssembly exception, so that the guest's cleanup runs on the way out:
     * its {@code catch_all} handlers, of all its instances, from the innermost to the outermost.
     * The guest's caller gets the {@code ExitException} as ever.
     *
     * <p>A guest that does not throw it on in a handler has swallowed the exit and goes on; without
     * this setting, nothing in a guest can catch an exit. Threads: one at a time.
     *
     * @return this
     */
    public Builder unwindingExit() {
      unwindingExit = true;
      return this;
    }

    /**
     * Has a function of Java's intercept one of WASI preview 1: it sees every call of the guest's
     * and answers itself or passes it on. Functions that were given for the same name before, and
     * what this configuration's own settings do, get what it passes on.
     *
     * <p>Passing on enters a module of ours, which is not possible while a guest runs on an engine
     * that interprets: there, functions that intercept must answer themselves. Threads: one at a
     * time.
     *
     * @param name the function, for example {@code path_open}
     * @param function what intercepts it, for any number of stores
     * @return this
     */
    public Builder inFront(String name, WasiFunction function) {
      Objects.requireNonNull(function, "function");
      interceptors.addFirst(new Interceptor(Objects.requireNonNull(name, "name"), function));
      return this;
    }

    /**
     * Lets the program read what is in a directory: {@code wasi_config_preopen_dir}. Threads: one
     * at a time.
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
     * Threads: one at a time.
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
     * Limits how many files and directories the program has open at once, besides those of this
     * configuration: each is a descriptor of the process, which other programs need too. Beyond
     * that {@code path_open} answers {@code EMFILE}. Not for an engine that interprets. Threads:
     * one at a time.
     *
     * @param count how many, not negative; by default as many as the process has
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxOpenFiles(int count) {
      if (count < 0) {
        throw new IllegalArgumentException("negative number of files: " + count);
      }
      maxOpenFiles = count;
      return this;
    }

    /**
     * Lets the program reach every address that this process can: {@code
     * wasi_config_inherit_network}. A program of preview 1 cannot open a socket all the same: the
     * setting is for components. Threads: one at a time.
     *
     * @return this
     */
    public Builder inheritNetwork() {
      network = true;
      return this;
    }

    /**
     * Lets the program look up names of hosts: {@code wasi_config_allow_ip_name_lookup}. Preview 1
     * has no function for that: the setting is for components. Threads: one at a time.
     *
     * @return this
     */
    public Builder allowIpNameLookup() {
      ipNameLookup = true;
      return this;
    }

    /**
     * Lets a component make requests by {@code wasi:http}. Without this setting a component that
     * imports it is not instantiated. Modules cannot make such requests.
     *
     * <p>They may reach every host that this process can reach, also its own network: the engine
     * knows no list of destinations, and {@link #inheritNetwork} makes no difference for them. A
     * component is no server: nothing calls what it exports for requests. Threads: one at a time.
     *
     * @return this
     */
    public Builder allowHttp() {
      http = true;
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

    /** Returns the configuration. Threads: one at a time. */
    public WasiConfig build() {
      return new WasiConfig(this);
    }
  }

  /**
   * Gives a store this configuration, in place of one that it has: {@code
   * wasmtime_context_set_wasi}. What it does in Java counts for instances made from then on. After
   * an exception other than {@link OutputException} the store has what it had.
   *
   * <p>Once a component that imports WASI was instantiated in the store, its configuration stays:
   * the guest has numbers of its streams, files and sockets. Threads: the store's.
   *
   * @param store the store
   * @throws IllegalArgumentException if a file or directory cannot be opened, or a function is
   *     intercepted that WASI does not have
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the engine the threads or
   *     the file descriptors that it needs for the first configuration of a process
   * @throws IllegalStateException if it wants exits to unwind and the engine was built without
   *     {@link io.github.wasmtimejvm.EngineBuilder#gcSupport}; or it does something in Java and the
   *     engine is closed; or a component that imports WASI was instantiated in the store
   * @throws OutputException if a stream of the configuration before fails in the end; the store has
   *     the new one then
   */
  public void applyTo(Store store) {
    Access access = Access.get();
    StoreState state = access.state(store);
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      if (state.isWasiHeld()) {
        throw new IllegalStateException(
            "the store's WASI configuration cannot be replaced: a component that imports WASI was"
                + " instantiated with it. Make a new store");
      }
      // First all that may fail, so that the store then keeps what it has.
      access.checkReady(Runtimes.wasi(stdin instanceof Stdio.Inherited));
      Interceptors interceptors = new Interceptors(this, access.isInterruptible(store.engine()));
      WasiStore applied;
      MemorySegment config = null;
      boolean ready = false;
      try {
        applied = interceptors.in(store);
        applied.prepare(store);
        config = NativeConfig.create(this, arena);
        access.setUnwindingExit(store, unwindingExit);
        ready = true;
      } finally {
        if (!ready) {
          interceptors.abandon();
          if (config != null) {
            Wasi.wasi_config_delete(config);
          }
        }
      }
      access.check(WasmtimeStore.wasmtime_context_set_wasi(state.context(), config));
      WasiStore before = state.wasi(WasiStore.class);
      state.setWasi(applied);
      access.intercept(store, applied.functions());
      if (before != null) {
        before.end();
      }
    }
  }
}
