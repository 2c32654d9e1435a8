package io.github.wasmtimejvm.bench;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.testing.ClassPathLoader;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What stays behind, and what many of something cost: see {@code scripts/measure-scale}. It uses
 * what earlier versions have as well, so as to be run with them.
 */
final class Scale {
  private static final int TRIES = 50; // for garbage to go

  // Lists its folder, and exits with how many calls that took.
  private static final String LISTS =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_readdir"
          (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func (export "_start")
          (local $cookie i64) (local $calls i32) (local $at i32) (local $end i32) (local $next i32)
          (loop $again
            (if (call $readdir (i32.const 3) (i32.const 4096) (i32.const 4096)
                  (local.get $cookie) (i32.const 0))
              (then unreachable))
            (local.set $calls (i32.add (local.get $calls) (i32.const 1)))
            (local.set $at (i32.const 4096))
            (local.set $end (i32.add (i32.const 4096) (i32.load (i32.const 0))))
            ;; entries of 24 bytes and a name
            (block $incomplete
              (loop $entry
                (br_if $incomplete
                  (i32.gt_u (i32.add (local.get $at) (i32.const 24)) (local.get $end)))
                (local.set $next
                  (i32.add (i32.add (local.get $at) (i32.const 24))
                    (i32.load offset=16 (local.get $at))))
                (br_if $incomplete (i32.gt_u (local.get $next) (local.get $end)))
                (local.set $cookie (i64.load (local.get $at)))
                (local.set $at (local.get $next))
                (br $entry)))
            (br_if $again
              (i32.eq (i32.load (i32.const 0)) (i32.const 4096))))
          (call $exit (local.get $calls))))
      """;

  private Scale() {}

  /**
   * @param args what to measure, and how many of it
   */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "loaders" -> loaders(count);
      case "handles" -> handles(count);
      case "cache" -> cache(count, Path.of(args[2]));
      case "ticker" -> ticker(count);
      case "listing" -> listing(count, Path.of(args[2]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void print(String what, int count, String result) {
    System.out.printf("%-9s %6d  %s%n", what, count, result);
  }

  private static void loaders(int count) throws Exception {
    int warm = 5;
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    long metaspace = 0;
    long resident = 0;
    long threads = 0;
    for (int i = 0; i < warm + count; i++) {
      if (i == warm) {
        collect(loaders);
        loaders.clear();
        metaspace = metaspace();
        resident = status("VmRSS");
        threads = status("Threads");
      }
      loaders.add(use());
    }
    long left = collect(loaders);
    print(
        "loaders",
        count,
        "%d stay; %.1f KiB of metaspace, %.1f KiB resident, %.2f threads each"
            .formatted(
                left,
                (metaspace() - metaspace) / 1024.0 / count,
                (double) (status("VmRSS") - resident) / count,
                (double) (status("Threads") - threads) / count));
  }

  // One class loader in which a guest calls a host function, and all is closed.
  private static WeakReference<ClassLoader> use() throws Exception {
    try (URLClassLoader loader = ClassPathLoader.create()) {
      Runnable guest =
          (Runnable)
              loader.loadClass(CallsHost.class.getName()).getDeclaredConstructor().newInstance();
      guest.run();
      return new WeakReference<>(loader);
    }
  }

  /** Runs a guest that calls a host function. */
  public static final class CallsHost implements Runnable {
    @Override
    public void run() {
      try (Engine engine = Engine.create();
          Module module =
              Module.fromWat(
                  engine,
                  """
                  (module (import "" "" (func $f (param i32) (result i32)))
                    (func (export "f") (param i32) (result i32) (call $f (local.get 0))))
                  """);
          Store store = Store.create(engine)) {
        Func host =
            Func.create(
                store, FuncType.of(ValType.I32).returns(ValType.I32), (caller, args) -> args[0]);
        Func f = Instance.create(store, module, host).func("f");
        if (f.as(IntUnaryOperator.class).applyAsInt(3) != 3) {
          throw new AssertionError();
        }
      }
    }
  }

  private static long collect(List<WeakReference<ClassLoader>> loaders) throws Exception {
    long left = loaders.size();
    for (int i = 0; i < TRIES && left > 0; i++) {
      System.gc();
      Thread.sleep(20);
      left = loaders.stream().filter(loader -> loader.get() != null).count();
    }
    return left;
  }

  private static long metaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .mapToLong(pool -> pool.getUsage().getUsed())
        .sum();
  }

  // Kibibytes, or a number.
  private static long status(String what) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(what + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  private static void handles(int count) throws Exception {
    int warm = 50;
    try (Engine engine = Engine.create()) {
      callAll(engine, 0, warm);
    }
    settle();
    long classes = classes();
    long metaspace = metaspace();
    try (Engine engine = Engine.create()) {
      callAll(engine, warm, warm + count);
    }
    settle();
    print(
        "handles",
        count,
        "signatures: %.2f classes and %.2f KiB of metaspace stay of each"
            .formatted(
                (double) (classes() - classes) / count,
                (metaspace() - metaspace) / 1024.0 / count));
  }

  private static void callAll(Engine engine, int from, int to) throws Exception {
    StringBuilder wat = new StringBuilder("(module");
    for (int i = from; i < to; i++) {
      wat.append(
          "(func (export \"f%d\") (param %s) (result i32) (i32.const %d))"
              .formatted(i, params(i), i));
    }
    try (Module module = Module.fromWat(engine, wat.append(")").toString());
        Store store = Store.create(engine)) {
      Instance instance = Instance.create(store, module);
      for (int i = from; i < to; i++) {
        List<Object> zeros =
            params(i).chars().filter(c -> c == ' ').mapToObj(_ -> (Object) 0).toList();
        int result;
        try {
          // Numbers are widened as Java does it.
          result = (int) instance.func("f" + i).handle().invokeWithArguments(zeros);
        } catch (Throwable t) {
          throw new AssertionError(t);
        }
        if (result != i) {
          throw new AssertionError(result + " instead of " + i);
        }
      }
    }
  }

  // Another for each number.
  private static String params(int number) {
    StringBuilder params = new StringBuilder();
    for (int rest = number + 1; rest > 0; rest /= 4) {
      params.append(List.of("i32 ", "i64 ", "f32 ", "f64 ").get(rest % 4));
    }
    return params.toString();
  }

  private static void settle() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      System.gc();
      Thread.sleep(50);
    }
  }

  private static long classes() {
    return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
  }

  private static void cache(int files, Path folder) throws IOException {
    int misses = 200;
    ModuleCache cache = ModuleCache.open(folder.resolve("cache"), 1L << 40);
    try (Engine engine = Engine.create()) {
      cache.module(engine, returns(-1)).close(); // makes the folder
      for (int i = 0; i < files; i++) {
        String name = HexFormat.of().toHexDigits((long) i).repeat(4) + ".cwasm";
        Files.write(cache.folder().resolve(name), new byte[0]);
      }
      Runnable compile = () -> compile(engine, null, -2, misses);
      compile.run();
      long plain = cpuTime(compile);
      compile(engine, cache, -3 - misses, misses);
      long cached = cpuTime(() -> compile(engine, cache, 0, misses));
      print(
          "cache",
          files,
          "files: a miss takes %.2f ms of processor besides compiling"
              .formatted((cached - plain) / 1e6 / misses));
    }
  }

  private static void compile(Engine engine, ModuleCache cache, int from, int count) {
    for (int i = from; i < from + count; i++) {
      byte[] wasm = returns(i);
      (cache == null ? Module.fromBytes(engine, wasm) : cache.module(engine, wasm)).close();
    }
  }

  private static byte[] returns(int number) {
    return Module.wat2wasm(
        "(module (func (export \"f\") (result i32) (i32.const %d)))".formatted(number));
  }

  private static long cpuTime(Runnable task) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    task.run();
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
  }

  private static void ticker(int count) throws Exception {
    try (Engine engine = Engine.builder().interruptible(true).build();
        Module module =
            Module.fromWat(
                engine, "(module (import \"\" \"\" (func $f)) (func (export \"f\") (call $f)))")) {
      List<Store> stores = new ArrayList<>();
      AtomicInteger millis = new AtomicInteger();
      Func last = null;
      for (int i = 0; i <= count; i++) {
        Store store = Store.create(engine);
        stores.add(store);
        Func host =
            Func.create(
                store,
                FuncType.of(),
                (caller, args) -> {
                  Thread.sleep(millis.get());
                  return null;
                });
        last = Instance.create(store, module, host).func("f");
        last.call();
      }
      Thread ticker =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("wasmtime-jvm-ticker"))
              .findFirst()
              .orElseThrow();
      millis.set(500);
      last.call();
      millis.set(3000);
      long start = System.nanoTime();
      long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(ticker.threadId());
      last.call();
      long used = ManagementFactory.getThreadMXBean().getThreadCpuTime(ticker.threadId()) - before;
      double percent = 100.0 * used / (System.nanoTime() - start);
      print("ticker", count, "idle stores: %.2f %% of a processor".formatted(percent));
      stores.forEach(Store::close);
    }
  }

  private static long millisLate(Engine engine, Module module, WasiConfig config, long deadline) {
    try (Store store = Store.create(engine);
        Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      config.applyTo(store);
      Func start = linker.instantiate(store, module).func("_start");
      long begin = System.nanoTime();
      try {
        store.within(Duration.ofNanos(deadline), () -> start.call());
      } catch (StoppedException | ExitException ended) {
        // by an exit where the machine is quicker this time
      }
      return Math.max(0, System.nanoTime() - begin - deadline) / 1_000_000;
    }
  }

  // As a C library reads a folder, with a buffer of 4 KiB.
  private static void listing(int files, Path folder) throws IOException {
    Path listed = Files.createDirectory(folder.resolve("listed"));
    for (int i : IntStream.range(0, files).toArray()) {
      Files.write(listed.resolve("file%06d".formatted(i)), new byte[0]);
    }
    byte[] wasm = Module.wat2wasm(LISTS);
    try (Engine engine = Engine.builder().interruptible(true).build();
        Module module = Module.fromBytes(engine, wasm)) {
      WasiConfig config = WasiConfig.builder().readOnlyDirectory(listed, "/").build();
      long start = System.nanoTime();
      int calls = WasiProgram.of(module).run(config).code();
      long time = System.nanoTime() - start;
      print(
          "listing",
          files,
          "files: %.2f s, in %d calls of fd_readdir; a deadline halfway is missed by %d ms"
              .formatted(time / 1e9, calls, millisLate(engine, module, config, time / 2)));
    }
  }
}
