package io.github.wasmtimejvm.testing;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class in a JVM of its own and returns what it printed and how it ended.
 *
 * <p>For everything that must not happen in the JVM of the tests: calls that would abort the
 * process if a guard were missing, thread stack sizes, JVM flags, what is printed on the real
 * standard output.
 *
 * <pre>{@code
 * ChildJvm.Result result = ChildJvm.run(WrongStore.class, "table");
 * assertThat(result.exitCode()).as(result.toString()).isZero();
 *
 * ChildJvm.with("-Xss512k").stdin("hello").run(Recursion.class);
 * }</pre>
 *
 * <p>The child has this JVM's {@code java}, class path and {@code wasmtimejvm.*} system properties,
 * {@code --enable-native-access=ALL-UNNAMED}, UTF-8 on its standard streams and ten minutes, which
 * is no measure of anything but the end of what hangs. It starts as quickly as a JVM can: with the
 * quick compiler and the simple collector only (but see {@link Prepared#asByDefault}), and out of
 * {@link ChildArchive}. Its environment is ours but for the variables that change what is measured
 * or printed: a Rust backtrace makes every engine error slow and long, and the JVM announces
 * options that it picked up. A crash report goes to the child's stderr, so that it ends in the
 * failure message of the test rather than in a file that nobody reads.
 */
public final class ChildJvm {

  /**
   * How it ended: all that was printed, and the exit code, which is 134 (128 + SIGABRT) for a crash
   * of the JVM as for an abort of the engine.
   */
  public record Result(int exitCode, String stdout, String stderr) {

    /** All of it on several lines: made for {@code as(...)} of an assertion. */
    @Override
    public String toString() {
      return "exit code "
          + exitCode
          + "\n--- stdout\n"
          + stdout
          + "\n--- stderr\n"
          + stderr
          + "\n---";
    }
  }

  /**
   * Most children end before the optimizing compiler or a parallel collector would have been worth
   * their threads, which take half of the processor time.
   */
  public static final List<String> START_QUICKLY =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  static final List<String> DROPPED_VARIABLES =
      List.of(
          "RUST_BACKTRACE",
          "RUST_LIB_BACKTRACE",
          "RUST_LOG",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "CLASSPATH");

  private final List<String> flags;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private List<String> startQuickly = START_QUICKLY;
  private List<String> nativeAccess = List.of("--enable-native-access=ALL-UNNAMED");
  private List<Path> classPath = List.of();
  private byte[] stdin = {};
  private boolean stdinStaysOpen;
  private List<Path> classPathFirst = List.of();
  private Duration timeout = Duration.ofMinutes(10);

  private ChildJvm(List<String> flags) {
    this.flags = flags;
  }

  /**
   * Runs {@code main} with no further JVM flags.
   *
   * @throws AssertionError if it has not ended after ten minutes
   */
  public static Result run(Class<?> main, String... args) {
    return with().start(main, args);
  }

  /** A child that gets {@code jvmFlags} too; they stand last, so they win over our own. */
  public static Prepared with(String... jvmFlags) {
    return new Prepared(new ChildJvm(List.of(jvmFlags)));
  }

  /** A child JVM with settings of its own, see {@link #with}. */
  public static final class Prepared {
    private final ChildJvm child;

    private Prepared(ChildJvm child) {
      this.child = child;
    }

    /** What the child reads from its standard input; nothing by default. */
    public Prepared stdin(String text) {
      child.stdin = text.getBytes(StandardCharsets.UTF_8);
      return this;
    }

    /** Leaves the child's standard input open as long as it runs, so that it never ends. */
    public Prepared openStdin() {
      child.stdinStaysOpen = true;
      return this;
    }

    /** Sets a variable of the child's environment. */
    public Prepared env(String name, String value) {
      child.environment.put(name, value);
      return this;
    }

    /** What the child loads classes from, instead of everything that this JVM has. */
    public Prepared classPath(Path... entries) {
      child.classPath = List.of(entries);
      return this;
    }

    /** What stands before everything else on the child's class path. */
    public Prepared classPathFirst(List<Path> entries) {
      child.classPathFirst = List.copyOf(entries);
      return this;
    }

    /**
     * With the JVM's own compilers and collector, and its classes loaded as ever: for a child that
     * works hard, or looks at the JVM itself.
     */
    public Prepared asByDefault() {
      child.startQuickly = List.of();
      return this;
    }

    /** Does not give the child the right to native access. */
    public Prepared withoutNativeAccess() {
      child.nativeAccess = List.of();
      return this;
    }

    /** How long the child may take instead of ten minutes. */
    public Prepared timeout(Duration timeout) {
      child.timeout = timeout;
      return this;
    }

    /** The child as a process that is not started yet, for who looks after it otherwise. */
    public ProcessBuilder builder(Class<?> main, String... args) {
      return child.builder(main, args);
    }

    /**
     * Runs {@code main}.
     *
     * @throws AssertionError if it has not ended in time
     */
    public Result run(Class<?> main, String... args) {
      return start(main, args);
    }

    private Result start(Class<?> main, String... args) {
      return child.execute(main, args);
    }
  }

  private ProcessBuilder builder(Class<?> main, String... args) {
    ProcessBuilder builder = new ProcessBuilder(command(main, args));
    DROPPED_VARIABLES.forEach(builder.environment()::remove);
    builder.environment().putAll(environment);
    return builder;
  }

  private Result execute(Class<?> main, String... args) {
    try {
      return await(builder(main, args).start(), main);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(nativeAccess);
    command.add("-XX:+ErrorFileToStderr");
    command.addAll(startQuickly);
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dstderr.encoding=UTF-8");
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("wasmtimejvm.")) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    Collection<String> entries = classPathFor(main);
    if (!startQuickly.isEmpty() && classPath.isEmpty() && classPathFirst.isEmpty()) {
      entries = ChildArchive.use(entries, command);
    }
    command.addAll(flags);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, entries));
    command.add(main.getName());
    command.addAll(List.of(args));
    return command;
  }

  /**
   * What was asked for, else everything this JVM can load from, as one class path. Surefire may put
   * part of it on the module path and the test classes into a patched module, which no property
   * names: hence the place where {@code main} itself was loaded from.
   */
  private Set<String> classPathFor(Class<?> main) {
    Set<String> entries = new LinkedHashSet<>();
    classPathFirst.forEach(entry -> entries.add(entry.toString()));
    if (!classPath.isEmpty()) {
      classPath.forEach(entry -> entries.add(entry.toString()));
      return entries;
    }
    root(main).ifPresent(entries::add);
    for (String property :
        List.of("surefire.test.class.path", "java.class.path", "jdk.module.path")) {
      for (String entry : System.getProperty(property, "").split(File.pathSeparator)) {
        if (!entry.isEmpty()) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }

  private static Optional<String> root(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    URL url = type.getResource("/" + file);
    if (url == null || !url.getProtocol().equals("file")) {
      return Optional.empty();
    }
    String text = url.toString();
    String root = text.substring(0, text.length() - file.length());
    return Optional.of(Path.of(URI.create(root)).toString());
  }

  private Result await(Process process, Class<?> main) throws IOException {
    // Both outputs are read while the child runs: a full pipe would block it.
    Output stdout = new Output(process.getInputStream());
    Output stderr = new Output(process.getErrorStream());
    try {
      process.getOutputStream().write(stdin);
      if (!stdinStaysOpen) {
        process.getOutputStream().close();
      }
    } catch (IOException endedWithoutReading) {
      // A child may end, or close its input, before it has read everything: its own affair.
    }
    boolean ended = false;
    try {
      ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!ended) {
        process.destroyForcibly();
      }
    }
    Result result = new Result(ended ? process.exitValue() : -1, stdout.text(), stderr.text());
    if (!ended) {
      throw new AssertionError(main.getName() + " had not ended after " + timeout + ": " + result);
    }
    return result;
  }

  private static final class Output {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;

    Output(InputStream from) {
      reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (from) {
                      from.transferTo(bytes);
                    } catch (IOException cutOff) {
                      // The child was ended by force; what came before stays.
                    }
                  });
    }

    String text() {
      try {
        // A grandchild may hold the pipe open; what the child itself wrote is there by then.
        reader.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
