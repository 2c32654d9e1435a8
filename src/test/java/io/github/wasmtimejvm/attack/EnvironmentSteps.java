package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.GuestProfiler;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.PoolingAllocation;
import io.github.wasmtimejvm.ProfilingStrategy;
import io.github.wasmtimejvm.SharedMemory;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** What a program does with the library, each step from the beginning: none needs another. */
final class EnvironmentSteps {
  /** A step, which returns when it has got all that it wants. */
  interface Step {
    void run() throws Exception;
  }

  /** A guest was told by an error number of WASI that it cannot have something. */
  static final class GuestRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    GuestRefusedException(String function, Object error) {
      super(function + ": error " + error);
    }
  }

  private static final String POOL = "pool";
  private static final String PERF_MAP = "map for perf";
  private static final String PERF_DUMP = "dump for perf";

  /** The names of those that the engine has no safe way for while others take what it needs. */
  static final List<String> ALONE = List.of(PERF_MAP, PERF_DUMP, POOL);

  /** The names of those that read or write files. */
  static final List<String> FILES =
      List.of(
          "load",
          PERF_DUMP,
          "engine's cache",
          "module cache",
          "deserialize",
          "print to a file",
          "status of a folder",
          "write a file");

  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_filestat_get"
          (func $stat (param i32 i32) (result i32)))
        (memory (export "memory") 2)
        (data (i32.const 16) "hello\\n")
        (data (i32.const 32) "file")
        (func $print (export "print") (param $to i32) (param $bytes i32) (result i32)
          (i32.store (i32.const 0) (i32.const 16))
          (i32.store (i32.const 4) (local.get $bytes))
          (call $write (local.get $to) (i32.const 0) (i32.const 1) (i32.const 8)))
        (func (export "read") (result i32)
          (i32.store (i32.const 0) (i32.const 100))
          (i32.store (i32.const 4) (i32.const 5))
          (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (func (export "stat") (result i32) (call $stat (i32.const 3) (i32.const 256)))
        (func (export "file") (result i32) (local $error i32)
          (local.set $error
            (call $open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 4) (i32.const 9)
              (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 12)))
          (if (local.get $error) (then (return (local.get $error))))
          (local.set $error (call $print (i32.load (i32.const 12)) (i32.const 65536)))
          (drop (call $close (i32.load (i32.const 12))))
          (local.get $error)))
      """;
  private static final String PLAIN =
      """
      (module
        (import "host" "f" (func $f (param i32) (result i32)))
        (memory (export "memory") 1 100)
        (data (i32.const 0) "data")
        (func $g (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func (export "run") (param i32) (result i32) (call $g (call $f (local.get 0))))
        (func (export "grow") (result i32) (memory.grow (i32.const 10))))
      """;

  // The smallest there is, for which nothing has to be loaded before the engine.
  private static final byte[] EMPTY = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private final Path room;
  private final Path folder;
  private final Map<String, Step> steps = new TreeMap<>();

  /**
   * @param room what the process may use
   * @param number of this thread
   */
  EnvironmentSteps(Path room, int number) {
    this.room = room;
    this.folder = room.resolve("files").resolve(Integer.toString(number));
    steps.put("load", () -> Engine.create().close());
    steps.put("compile", () -> compile(true));
    steps.put("compile serially", () -> compile(false));
    steps.put("validate", this::validate);
    steps.put("engine's cache", this::engineCache);
    steps.put("module cache", this::moduleCache);
    steps.put("deserialize", this::deserialize);
    steps.put("print", () -> guest("print", WasiConfig.builder().inheritStdio(), 1, 6));
    steps.put("print to Java", () -> guest("print", printed(), 1, 6));
    steps.put("print to a file", this::printToFile);
    steps.put("read", () -> guest("read", WasiConfig.builder().inheritStdin()));
    steps.put("status of a folder", () -> guest("stat", directory()));
    steps.put("write a file", () -> guest("file", directory()));
    steps.put("host function", this::hostFunction);
    steps.put("memories", this::memories);
    steps.put(POOL, this::pool);
    steps.put("profile", this::profile);
    steps.put(PERF_MAP, () -> perf(ProfilingStrategy.PERFMAP));
    steps.put(PERF_DUMP, () -> perf(ProfilingStrategy.JITDUMP));
    steps.put("time limit", this::timeLimit);
    steps.put("other thread", this::otherThread);
  }

  /** All of them, by their names in order. */
  Map<String, Step> all() {
    return steps;
  }

  private static void compile(boolean parallel) {
    try (Engine engine = Engine.builder().parallelCompilation(parallel).build()) {
      Module.fromWat(engine, PLAIN).close();
    }
  }

  private void validate() {
    try (Engine engine = Engine.create()) {
      Module.validate(engine, EMPTY);
    }
  }

  private void engineCache() {
    try (Engine engine = Engine.builder().engineCache(room.resolve("cache.toml")).build()) {
      Module.fromWat(engine, PLAIN).close();
    }
  }

  private void moduleCache() {
    ModuleCache cache = ModuleCache.open(room.resolve("modules"), 1 << 20);
    try (Engine engine = Engine.create()) {
      cache.module(engine, Module.wat2wasm(PLAIN)).close();
    }
  }

  private void deserialize() throws IOException {
    Path file = folder.resolve("compiled");
    try (Engine engine = Engine.builder().parallelCompilation(false).build();
        Module module = Module.fromWat(engine, PLAIN)) {
      byte[] compiled = module.serialize();
      Module.deserialize(engine, compiled).close();
      Files.write(file, compiled);
      Module.deserializeFile(engine, file).close();
    }
  }

  private static WasiConfig.Builder printed() {
    return WasiConfig.builder().stdoutLines(_ -> {}).stderrLines(_ -> {}).stdinBytes(EMPTY);
  }

  private WasiConfig.Builder directory() {
    return WasiConfig.builder().writableDirectory(folder, "/");
  }

  private void printToFile() throws Exception {
    guest("print", WasiConfig.builder().stdoutFile(folder.resolve("printed")), 1, 6);
  }

  private static void guest(String function, WasiConfig.Builder config, Object... arguments)
      throws GuestRefusedException {
    try (Engine engine = Engine.builder().parallelCompilation(false).build();
        Module module = Module.fromWat(engine, GUEST);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      config.build().applyTo(store);
      Object error = linker.instantiate(store, module).func(function).call(arguments);
      if (!error.equals(0)) {
        throw new GuestRefusedException(function, error);
      }
    }
  }

  private static Instance plain(Store store, Module module) {
    return Instance.create(
        store, module, Func.create(store, IntUnaryOperator.class, number -> number));
  }

  private void hostFunction() {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, PLAIN);
        Store store = Store.create(engine)) {
      expect(8, plain(store, module).func("run").call(7));
    }
  }

  private void memories() {
    try (Engine engine = Engine.builder().sharedMemory(true).build();
        Module module = Module.fromWat(engine, PLAIN);
        Store store = Store.create(engine)) {
      Memory memory = Memory.create(store, MemoryType.of(1, 200));
      expect(1L, memory.grow(150));
      memory.write(65536 * 150, EMPTY);
      try (SharedMemory shared = SharedMemory.create(engine, MemoryType.shared(1, 20))) {
        expect(1L, shared.grow(10));
      }
      expect(1, plain(store, module).func("grow").call());
    }
  }

  private void pool() {
    PoolingAllocation few = PoolingAllocation.builder().totalMemories(4).totalTables(4).build();
    try (Engine engine = Engine.builder().pooling(few).build();
        Module module = Module.fromWat(engine, PLAIN);
        Store store = Store.create(engine)) {
      expect(8, plain(store, module).func("run").call(7));
    }
  }

  private void profile() {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, PLAIN);
        Store store = Store.create(engine);
        GuestProfiler profiler =
            GuestProfiler.start(store, "all", Duration.ofMillis(1), Map.of("plain", module))) {
      plain(store, module).func("run").call(7);
      profiler.sample(Duration.ZERO);
      profiler.finish();
    }
  }

  private static void perf(ProfilingStrategy strategy) throws IOException {
    try (Engine engine = Engine.builder().profiler(strategy).build()) {
      Module.fromWat(engine, PLAIN).close();
    } finally {
      Files.deleteIfExists(Path.of("/tmp/perf-" + ProcessHandle.current().pid() + ".map"));
    }
  }

  private void timeLimit() {
    try (Engine engine = Engine.builder().interruptible(true).build();
        Module module = Module.fromWat(engine, PLAIN);
        Store store = Store.create(engine)) {
      store.setTimeout(Duration.ofMinutes(20));
      expect(8, plain(store, module).func("run").call(7));
    }
  }

  // One that has not entered a guest before.
  private void otherThread() throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              hostFunction();
              return null;
            });
    Thread.ofPlatform().daemon().start(task);
    try {
      task.get(20, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }

  private static void expect(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError(found + " instead of " + expected);
    }
  }
}
