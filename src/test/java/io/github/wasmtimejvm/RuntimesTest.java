package io.github.wasmtimejvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.internal.Runtimes;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.SystemLimits;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engine's own runtimes where the system refuses them what they need, or the environment has
 * what they do not take: an exception, and all works when there is room again. Each test is a list
 * of steps for a process of its own, and what comes of them.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere the engine's runtimes are left alone")
class RuntimesTest {
  private static final String MORE_THREADS =
      " allow the process more threads (ulimit -u, the container's limit on pids) or memory";
  private static final String NO_COMPILER =
      "The engine's compiler needs a thread of its own, and the system refuses one:"
          + MORE_THREADS
          + ", or build the engine with parallelCompilation(false), which compiles on the calling"
          + " thread.";
  private static final String NO_WASI =
      "The engine's WASI needs two threads of its own, and the system refuses them:"
          + MORE_THREADS
          + ".";
  private static final String NO_READER = NO_WASI.replace("two", "three");
  private static final String NO_CACHE =
      "The engine's cache needs a thread of its own, and the system refuses one:"
          + MORE_THREADS
          + ".";
  private static final String NO_FILES =
      "The engine's WASI needs three file descriptors, and the system refuses them: allow the"
          + " process more open files (ulimit -n).";

  private static final int ABORTED = 134;

  @TempDir private Path folder;

  @BeforeEach
  void everybodyMayUseTheFolder() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(
        folder.resolve("cache.toml"), "[cache]\ndirectory = \"" + folder.resolve("cache") + "\"\n");
  }

  @Test
  void noThreadForTheCompiler() {
    assertThat(run("no-threads compile validate serial threads compile validate"))
        .containsExactly(NO_COMPILER, NO_COMPILER, "compiled", "compiled", "valid");
  }

  @Test
  void noThreadForWasi() {
    assertThat(run("no-threads hello stat read threads hello stat read"))
        .containsExactly(NO_WASI, NO_WASI, NO_READER, "hello", "0", "0", "0 input");
  }

  @Test
  void noThreadForTheReaderOfStandardInputAlone() {
    assertThat(run("hello no-threads read stat threads read"))
        .containsExactly("hello", "0", NO_READER, "0", "0 input");
  }

  @Test
  void noThreadForTheCache() {
    assertThat(run("no-threads cache threads cache no-threads compile threads compile"))
        .containsExactly(NO_CACHE, "cached", NO_COMPILER, "compiled");
  }

  @Test
  void aCacheThatIsRefusedLeavesNoThread() throws IOException {
    Files.writeString(folder.resolve("cache.toml"), "nonsense");

    List<String> lines = run("until-0-0 cache until-0-0");

    assertThat(lines.getFirst()).isEqualTo("wasmtime 0, tokio-rt-worker 0");
    assertThat(lines.getLast()).isEqualTo("wasmtime 0, tokio-rt-worker 0");
    assertThat(String.join("\n", lines)).contains("cache.toml");
  }

  @Test
  void noThreadAfterThatIsMissed() {
    assertThat(
            run("compile ready no-threads compile validate hello stat many read idle stat hello"))
        .containsExactly(
            "compiled",
            "ready",
            "compiled",
            "valid",
            "hello",
            "0",
            "0",
            "0 0 0 0 0 0 0 0",
            "0 input",
            "0",
            "hello",
            "0");
  }

  @Test
  void noDescriptorForWasi() {
    assertThat(run("no-files compile hello read files hello stat read"))
        .containsExactly("compiled", NO_FILES, NO_FILES, "hello", "0", "0", "0 input");
  }

  @Test
  void noDescriptorAfterThatIsMissed() {
    assertThat(run("ready-directory no-files hello read ready-stat"))
        .containsExactly("ready", "hello", "0", "0 input", "0");
  }

  @Test
  void aFewThreadsWillDo() {
    List<String> lines = run("ever-more-threads-compile no-threads compile");

    assertThat(lines.getFirst()).isEqualTo(NO_COMPILER);
    assertThat(lines.subList(lines.size() - 2, lines.size()))
        .containsExactly("compiled", "compiled");
    assertThat(lines.subList(0, lines.size() - 2)).containsOnly(NO_COMPILER);
  }

  @Test
  void someOfTheThreadsForWasiAreNotEnough() {
    List<String> lines = run("ever-more-threads-stat no-threads stat hello");

    assertThat(lines.subList(lines.size() - 4, lines.size()))
        .containsExactly("0", "0", "hello", "0");
    assertThat(lines.subList(0, lines.size() - 4)).containsOnly(NO_WASI);
  }

  @Test
  void someOfTheThreadsForWasiAndTheReaderAreNotEnough() {
    List<String> lines = run("ever-more-threads-read no-threads stat hello");

    assertThat(lines.subList(lines.size() - 4, lines.size()))
        .containsExactly("0 input", "0", "hello", "0");
    assertThat(lines.subList(0, lines.size() - 4)).containsOnly(NO_READER);
  }

  @Test
  void someOfTheDescriptorsForWasiAreNotEnough() {
    List<String> lines = run("ever-more-files-hello no-files hello");

    assertThat(lines.subList(lines.size() - 4, lines.size()))
        .containsExactly("hello", "0", "hello", "0");
    assertThat(lines.subList(0, lines.size() - 4)).containsOnly(NO_FILES).hasSizeGreaterThan(2);
  }

  /** Each of these ends a process that gives it to the engine, one of the third under no limit. */
  @ParameterizedTest
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @CsvSource({
    "0, 18446744073709551615, 0, a=b=c",
    "abc, 70000, 1, x=nolevel",
    "-1, 0, 4096, /[",
    "'', abc, 16384, 'info,/(/'",
    "' 2', -1, 100000000000, a=b=c",
    "18446744073709551615, '', 1000000000000000, a=b=c",
    "100000000000, 1025, 9223372036854775807, a=b=c",
    "99999999999999999999, 99999999999999999999, 18446744073709551615, a=b=c",
  })
  void badVariablesDoNotReachTheEngine(String wasi, String compile, String stack, String log)
      throws Exception {
    ProcessBuilder child =
        ChildJvm.with()
            .env("TOKIO_WORKER_THREADS", wasi)
            .env("RAYON_NUM_THREADS", compile)
            .env("RAYON_RS_NUM_CPUS", compile)
            .env("RUST_MIN_STACK", stack)
            .env("RUST_LOG", log)
            .builder(Steps.class, folder.toString(), "some-threads", "compile", "hello", "stat");
    List<String> command = new ArrayList<>(List.of("bash", "-c", "\"$@\" 2> /dev/full", "bash"));
    command.addAll(child.command());
    child.command(command);
    Process process = child.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEqualTo("compiled\nhello\n0\n0\nalive\n");
  }

  @Test
  void goodVariablesAreObeyed() {
    ChildJvm.Result result =
        ChildJvm.with()
            .env("RAYON_NUM_THREADS", "3")
            .env("TOKIO_WORKER_THREADS", "2")
            .env("RUST_LOG", "wasmtime=TRACE,other")
            .run(Steps.class, folder.toString(), "compile", "until-3-0", "hello", "until-4-2");

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stderr()).contains("TRACE wasmtime");
    // Three for the compiler, and one that waits for files, besides the two for WASI. Those have
    // the first name until they run, so no third one could be missed.
    assertThat(result.stdout())
        .isEqualTo(
            """
            compiled
            wasmtime 3, tokio-rt-worker 0
            hello
            0
            wasmtime 4, tokio-rt-worker 2
            alive
            """);
  }

  /** What keeps these tests from finding a dead process is the question before each start. */
  @ParameterizedTest
  @ValueSource(
      strings = {"no-threads compile", "no-threads hello", "ready-directory no-files ready-stat"})
  void withoutAskingFirstTheProcessEnds(String steps) throws IOException {
    Path classes = folder.resolve("classes");
    neverAsk(classes);

    ChildJvm.Result result =
        ChildJvm.with().classPathFirst(List.of(classes)).run(Steps.class, arguments(steps));

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(ABORTED);
  }

  // A copy of the class whose questions are all answered with yes.
  private static void neverAsk(Path folder) throws IOException {
    String file = Runtimes.class.getName().replace('.', '/') + ".class";
    byte[] bytes;
    try (InputStream in = Runtimes.class.getResourceAsStream("/" + file)) {
      bytes = in.readAllBytes();
    }
    ClassModel model = ClassFile.of().parse(bytes);
    byte[] changed =
        ClassFile.of()
            .transformClass(
                model,
                (builder, element) -> {
                  if (element instanceof MethodModel method
                      && List.of("compiler", "wasi").contains(method.methodName().stringValue())) {
                    builder.withMethodBody(
                        method.methodName(),
                        method.methodType(),
                        method.flags().flagsMask(),
                        RuntimesTest::returnNull);
                  } else {
                    builder.with(element);
                  }
                });
    Path to = folder.resolve(file);
    Files.createDirectories(to.getParent());
    Files.write(to, changed);
  }

  private static void returnNull(CodeBuilder code) {
    code.aconst_null().areturn();
  }

  private String[] arguments(String steps) {
    return Stream.concat(Stream.of(folder.toString()), Stream.of(steps.split(" ")))
        .toArray(String[]::new);
  }

  /** What a process printed that lived to the end of its steps. */
  private List<String> run(String steps) {
    ChildJvm.Result result =
        ChildJvm.with("-Xlog:disable").stdin("input").run(Steps.class, arguments(steps));

    assertThat(result.exitCode()).as(result.toString()).isZero();
    List<String> lines = result.stdout().lines().toList();
    assertThat(lines.getLast()).isEqualTo("alive");
    return lines.subList(0, lines.size() - 1);
  }

  /** Arguments: a folder that everybody may use, and steps. Prints a line or two for each. */
  static final class Steps {
    private static final String GUEST =
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_read"
            (func $read (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_filestat_get"
            (func $stat (param i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "hello\\n")
          (func (export "hello") (result i32)
            (i32.store (i32.const 0) (i32.const 16))
            (i32.store (i32.const 4) (i32.const 6))
            (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (func (export "read") (result i32)
            (i32.store (i32.const 0) (i32.const 100))
            (i32.store (i32.const 4) (i32.const 5))
            (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
          (func (export "nothing"))
          (func (export "stat") (result i32) (call $stat (i32.const 3) (i32.const 256))))
        """;

    private static final int AT_ONCE = 8;

    private final Engine parallel = Engine.create();
    private final Engine serial = serial();
    private final Module guest = Module.fromWat(serial, GUEST);
    private final byte[] wasm = Module.wat2wasm("(module (func (export \"f\")))");
    // The threads of it exist before any is refused.
    private final ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().factory());
    private final Path folder;
    private Instance opened;

    // Also one that needs no descriptor for the data of a guest.
    private static Engine serial() {
      return Engine.builder().parallelCompilation(false).memoryInitCow(false).build();
    }

    private Steps(Path folder) throws Exception {
      this.folder = folder;
      SystemLimits.loadClassesBeside(Engine.class);
      atOnce(() -> "");
    }

    public static void main(String[] args) throws Exception {
      Steps steps = new Steps(Path.of(args[0]));
      for (int i = 1; i < args.length; i++) {
        steps.step(args[i]);
      }
      say("alive");
      System.exit(0); // there are threads that end with the process only
    }

    private static void say(Object line) {
      System.out.print(line + "\n");
      System.out.flush();
    }

    private void step(String step) throws Exception {
      try {
        switch (step) {
          case "no-threads" -> {
            SystemLimits.becomeNobody();
            SystemLimits.THREADS.set(1);
          }
          case "some-threads" -> {
            SystemLimits.becomeNobody();
            // Fewer than the smallest number that is not taken, and more than a user has at work.
            SystemLimits.THREADS.set(1024);
          }
          case "threads" -> SystemLimits.THREADS.lift();
          case "no-files" -> SystemLimits.FILES.set(0);
          case "files" -> SystemLimits.FILES.lift();
          case "compile" -> {
            Module.fromBytes(parallel, wasm).close();
            say("compiled");
          }
          case "serial" -> {
            Module.fromBytes(serial, wasm).close();
            say("compiled");
          }
          case "validate" -> {
            Module.validate(parallel, wasm);
            say("valid");
          }
          case "cache" -> {
            Engine.builder().engineCache(folder.resolve("cache.toml")).build().close();
            say("cached");
          }
          case "ready" -> {
            instance(WasiConfig.builder().inheritStdio().build());
            say("ready");
          }
          case "ready-directory" -> {
            opened = instance(files().inheritStdin().build());
            opened.func("nothing").call(); // no class has to be loaded for the next call
            say("ready");
          }
          case "hello" -> say(call("hello", WasiConfig.builder().inheritStdout()));
          case "read" -> {
            Instance reading = instance(WasiConfig.builder().inheritStdin().build());
            Object status = reading.func("read").call();
            say(status + " " + reading.memory("memory").readString(100, 5));
          }
          case "stat" -> say(call("stat", files()));
          case "ready-stat" -> say(opened.func("stat").call());
          // WASI ends threads for files that have had nothing to do for ten seconds. Where this is
          // too short for it, the next step proves less and does not fail.
          case "idle" -> Thread.sleep(11_000);
          case "many" -> say(atOnce(() -> call("stat", files())));
          default -> {
            if (step.startsWith("until-")) {
              until(step);
            } else {
              everMore(step);
            }
          }
        }
      } catch (EngineException e) {
        say(e.getMessage());
      }
    }

    // The same step with a higher limit each time, until something else comes of it.
    private void everMore(String step) throws Exception {
      String[] parts = step.split("-");
      SystemLimits limit = SystemLimits.valueOf(parts[2].toUpperCase(Locale.ROOT));
      SystemLimits.becomeNobody();
      for (int most = 1; ; most++) {
        limit.set(most);
        try {
          switch (parts[3]) {
            case "compile" -> Module.fromBytes(parallel, wasm).close();
            case "read" -> instance(WasiConfig.builder().inheritStdin().build());
            default -> instance(WasiConfig.builder().build());
          }
          break;
        } catch (EngineException e) {
          say(e.getMessage());
        }
      }
      step(parts[3]);
    }

    private static WasiConfig.Builder files() {
      return WasiConfig.builder().readOnlyDirectory(Path.of("/"), "/");
    }

    private Object call(String function, WasiConfig.Builder config) {
      return instance(config.build()).func(function).call();
    }

    private Instance instance(WasiConfig config) {
      Linker linker = Linker.create(serial);
      linker.defineWasi();
      Store store = Store.create(serial);
      config.applyTo(store);
      return linker.instantiate(store, guest);
    }

    private String atOnce(Callable<Object> task) throws Exception {
      List<Future<Object>> all = new ArrayList<>();
      for (Future<Object> each : threads.invokeAll(Collections.nCopies(AT_ONCE, task))) {
        all.add(each);
      }
      List<String> results = new ArrayList<>();
      for (Future<Object> each : all) {
        results.add("" + each.get(10, TimeUnit.MINUTES));
      }
      return String.join(" ", results);
    }

    // Waits until there are as many threads of the two names as the step says: threads get their
    // names, and end, in their own time.
    private static void until(String step) throws Exception {
      String[] parts = step.split("-");
      String wanted = "wasmtime " + parts[1] + ", tokio-rt-worker " + parts[2];
      for (String last = ""; ; Thread.sleep(10)) {
        String now = names();
        if (now.equals(wanted)) {
          say(now);
          return;
        }
        if (!now.equals(last)) {
          System.err.println(now); // for who finds this process waiting
          last = now;
        }
      }
    }

    private static String names() throws IOException {
      Map<String, Integer> counts = new HashMap<>();
      try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
        for (Path thread : threads.toList()) {
          try {
            counts.merge(Files.readString(thread.resolve("comm")).strip(), 1, Integer::sum);
          } catch (IOException e) {
            // This thread has ended.
          }
        }
      }
      return "wasmtime %d, tokio-rt-worker %d"
          .formatted(counts.getOrDefault("wasmtime", 0), counts.getOrDefault("tokio-rt-worker", 0));
    }
  }
}
