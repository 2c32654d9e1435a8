package io.github.wasmtimejvm.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.ConcreteHeapType;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TagType;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeConfig;
import io.github.wasmtimejvm.capi.WasmtimeError;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.testing.GuestBytes;
import io.github.wasmtimejvm.testing.GuestBytes.Family;
import io.github.wasmtimejvm.testing.GuestImports;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a guest's bytes cost our own code, beside what they cost the engine. {@code
 * scripts/measure-bytes} builds and starts this.
 */
public final class Bytes {
  private static final int[] SIZES = {1_000, 32_000, 256_000, 2_000_000, 8_000_000};

  /** Time for each figure, if it does not take longer once. */
  private static final long BUDGET = 80_000_000;

  private static final int MOST_ROUNDS = 2_000;

  /** What misses its bound is measured again: other work on the machine is no fault of ours. */
  private static final int ATTEMPTS = 3;

  /** Where the engine takes as long, it would be most of what is measured. */
  private static final double LONGEST_MS = 150;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int TRAPS = 2_000;

  private static final double COMPILED = 0.1; // of the engine's time
  private static final double COMPILED_MS = 1;
  private static final double ASKED_NS = 5; // a byte
  private static final double ASKED_ITEM_NS = 100; // its objects, however few bytes say what it is
  private static final double ASKED_MS = 0.05; // whatever the bytes
  private static final double HELD = 32_000; // a module
  private static final double HELD_ITEM = 128;
  private static final double HELD_BYTE = 4;
  private static final double FIRST_TRAP_MS = 10;
  private static final double LATER_TRAP = 1.5;
  private static final double LINKED = 1; // of the engine's time to compile
  private static final double LINKED_MS = 2;
  private static final int MANY_IMPORTS = 100_000;

  private static volatile Object sink = "";
  private static int missed;

  private Bytes() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    try (Engine engine = Engine.builder().feature(WasmFeature.COMPACT_IMPORTS, true).build();
        Arena arena = Arena.ofShared()) {
      MemorySegment config = Wasm.wasm_config_new();
      WasmtimeConfig.wasmtime_config_wasm_compact_imports_set(config, true);
      WasmtimeConfig.wasmtime_config_concurrency_support_set(config, false);
      MemorySegment nativeEngine = Wasm.wasm_engine_new_with_config(config);
      for (Family family : GuestBytes.ALL) { // so that everything is compiled by the JIT compiler
        cost(engine, nativeEngine, arena, family, 32_000, false);
      }
      System.out.printf(
          "%-34s %8s %9s %9s %9s %9s %9s %9s %9s%n",
          "module",
          "kB",
          "validate",
          "compile",
          "ours_ms",
          "asked_ms",
          "ns/byte",
          "items",
          "held_kB");
      for (Family family : GuestBytes.ALL) {
        for (int size : SIZES) {
          if (cost(engine, nativeEngine, arena, family, size, true) > LONGEST_MS) {
            line("%-34s larger ones take the engine too long", family.name());
            break;
          }
        }
      }
      compiledFormat(engine);
      System.out.printf(
          "%n%-34s %8s %9s %9s %9s %9s%n",
          "module", "kB", "first_ms", "later_us", "plain_us", "ratio");
      for (Family family : GuestBytes.LINES) {
        for (int size : SIZES) {
          traps(engine, family, size);
        }
      }
      System.out.printf("%n%-34s %8s %9s %9s%n", "module", "imports", "compile", "link");
      for (GuestImports.Kind kind : GuestImports.ALL) {
        links(engine, nativeEngine, arena, kind);
      }
      Wasm.wasm_engine_delete(nativeEngine);
    }
    System.out.println(missed == 0 ? "all bounds are met" : missed + " bounds are missed");
    System.exit(missed == 0 ? 0 : 1);
  }

  /** Returns how many milliseconds it takes the engine. */
  private static double cost(
      Engine engine,
      MemorySegment nativeEngine,
      Arena arena,
      Family family,
      int size,
      boolean print) {
    byte[] wasm = family.make().apply(size);
    MemorySegment out = arena.allocate(ADDRESS);
    double validate = best(() -> validate(nativeEngine, wasm));
    double engines = best(() -> compile(nativeEngine, wasm, out));
    double besides = Double.MAX_VALUE;
    double asked = Double.MAX_VALUE;
    long[] held = held(engine, wasm, engines);
    boolean slow = true;
    boolean slowToAsk = true;
    for (int attempt = 0; attempt < ATTEMPTS && (slow || slowToAsk); attempt++) {
      Runnable ours = () -> ours(engine, wasm);
      besides = Math.min(besides, more(() -> compile(nativeEngine, wasm, out), ours));
      asked = Math.min(asked, asked(engine, wasm));
      slow = besides > COMPILED * engines + COMPILED_MS;
      slowToAsk = isSlowToAsk(asked, wasm.length, held[0]);
    }
    if (!print) {
      return engines;
    }
    boolean large = held[1] > HELD + HELD_ITEM * held[0] + HELD_BYTE * wasm.length;
    line(
        "%-34s %8.1f %9.3f %9.3f %9.3f%s %8.3f %9.2f%s %8d %9.1f%s",
        family.name(),
        wasm.length / 1e3,
        validate,
        engines,
        besides,
        mark(slow),
        asked,
        asked * 1e6 / wasm.length,
        mark(slowToAsk),
        held[0],
        held[1] / 1e3,
        mark(large));
    return engines;
  }

  private static void line(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private static boolean isSlowToAsk(double asked, int bytes, long items) {
    return asked > (ASKED_NS * bytes + ASKED_ITEM_NS * items) / 1e6 + ASKED_MS;
  }

  private static String mark(boolean isMissed) {
    missed += isMissed ? 1 : 0;
    return isMissed ? "!" : " ";
  }

  private static void validate(MemorySegment engine, byte[] wasm) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, wasm);
      check(WasmtimeModule.wasmtime_module_validate(engine, bytes, bytes.byteSize()));
    }
  }

  private static void compile(MemorySegment engine, byte[] wasm, MemorySegment out) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, wasm);
      check(WasmtimeModule.wasmtime_module_new(engine, bytes, bytes.byteSize(), out));
    }
    WasmtimeModule.wasmtime_module_delete(out.get(ADDRESS, 0));
  }

  private static void ours(Engine engine, byte[] wasm) {
    Module.fromBytes(engine, wasm).close();
  }

  private static void check(MemorySegment error) {
    if (error.address() != 0) {
      WasmtimeError.wasmtime_error_delete(error);
      throw new AssertionError("the engine refuses a module of ours");
    }
  }

  /** Milliseconds of the quickest of some rounds. */
  private static double best(Runnable action) {
    double best = Double.MAX_VALUE;
    long start = System.nanoTime();
    for (int i = 0; isToGoOn(i, start); i++) {
      long before = System.nanoTime();
      action.run();
      best = Math.min(best, (System.nanoTime() - before) / 1e6);
    }
    return best;
  }

  /** Milliseconds of this thread's that the second action takes more than the first. */
  private static double more(Runnable first, Runnable second) {
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
    long start = System.nanoTime();
    for (int i = 0; isToGoOn(i, start); i++) {
      best[0] = Math.min(best[0], time(first));
      best[1] = Math.min(best[1], time(second));
    }
    return Math.max(0, best[1] - best[0]);
  }

  // What takes the engine long is repeated all the same, up to where our code is compiled for it.
  private static boolean isToGoOn(int rounds, long start) {
    long took = System.nanoTime() - start;
    return rounds < MOST_ROUNDS && (took < BUDGET || rounds < 40 && took < 15 * BUDGET);
  }

  /** Milliseconds of this thread's processor time. */
  private static double time(Runnable action) {
    long start = THREADS.getCurrentThreadCpuTime();
    action.run();
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
  }

  // Of a new module each time, as what was asked for once is there.
  private static double asked(Engine engine, byte[] wasm) {
    double best = Double.MAX_VALUE;
    long start = System.nanoTime();
    for (int i = 0; isToGoOn(i, start); i++) {
      try (Module module = Module.fromBytes(engine, wasm)) {
        best = Math.min(best, time(() -> sink = askForEverything(module)));
      }
    }
    return best;
  }

  private static long askForEverything(Module module) {
    long asked = 0;
    FuncType last = null; // looked at once where the next item has the same
    for (ImportType needed : module.imports()) {
      asked += needed.module().length() + needed.name().length();
      try {
        if (needed.type() instanceof TagType(FuncType payload) && payload != last) {
          last = payload;
          asked += lookAt(payload);
        }
      } catch (UnsupportedOperationException e) {
        asked++;
      }
    }
    for (ExportType offered : module.exports()) {
      asked += offered.name().length();
      try {
        if (offered.type() instanceof TagType(FuncType payload) && payload != last) {
          last = payload;
          asked += lookAt(payload);
        }
      } catch (UnsupportedOperationException e) {
        asked++;
      }
    }
    return asked;
  }

  private static long lookAt(FuncType type) {
    List<ValType> params = type.params();
    return params.isEmpty() || params.getFirst() != params.getLast() ? 0 : 1;
  }

  /**
   * How many items there are, and the bytes on the heap that a module is that was asked for all.
   */
  private static long[] held(Engine engine, byte[] wasm, double compileMs) {
    int copies = (int) Math.clamp(100 / compileMs, 1, Math.max(1, 2_000_000 / wasm.length));
    List<Module> modules = new ArrayList<>();
    sink = "";
    long before = used();
    for (int i = 0; i < copies; i++) {
      Module module = Module.fromBytes(engine, wasm);
      modules.add(module);
      askForEverything(module);
    }
    sink = "";
    long held = (used() - before) / copies;
    long items = items(modules.getFirst());
    modules.forEach(Module::close);
    return new long[] {items, held};
  }

  // Imports, exports, and the different types that they have.
  private static long items(Module module) {
    Set<Object> types = Collections.newSetFromMap(new IdentityHashMap<>());
    module.imports().forEach(needed -> addTypes(needed::type, types));
    module.exports().forEach(offered -> addTypes(offered::type, types));
    return module.imports().size() + module.exports().size() + types.size();
  }

  private static void addTypes(Supplier<ExternType> type, Set<Object> types) {
    try {
      if (type.get() instanceof TagType tag && types.add(tag.payload())) {
        for (ValType param : tag.payload().params()) {
          if (param instanceof RefType reference
              && reference.heapType() instanceof ConcreteHeapType heapType) {
            types.add(heapType);
          }
        }
      }
    } catch (UnsupportedOperationException e) {
      // Of this one there is nothing.
    }
  }

  // What was closed lately goes with the second collection or the third.
  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  // The same of compiled code: reading it is compared with the engine's own reading.
  private static void compiledFormat(Engine engine) {
    for (Family family : GuestBytes.ALL.subList(6, 9)) {
      for (int size : Arrays.copyOf(SIZES, 3)) {
        byte[] compiled;
        try (Module module = Module.fromBytes(engine, family.make().apply(size))) {
          compiled = module.serialize();
        }
        double read = best(() -> Module.deserialize(engine, compiled).close());
        double asked = Double.MAX_VALUE;
        long items = 0;
        for (int i = 0; i < 5; i++) {
          try (Module module = Module.deserialize(engine, compiled)) {
            asked = Math.min(asked, time(() -> sink = askForEverything(module)));
            items = items(module);
          }
        }
        line(
            "%-34s %8.1f %9s %9.3f %9s  %8.3f %9.2f%s %8d",
            family.name() + ", compiled",
            compiled.length / 1e3,
            "-",
            read,
            "-",
            asked,
            asked * 1e6 / compiled.length,
            mark(isSlowToAsk(asked, compiled.length, items)),
            items);
      }
    }
  }

  /** A link that fails for all imports, beside compiling what has them. */
  private static void links(
      Engine engine, MemorySegment nativeEngine, Arena arena, GuestImports.Kind kind) {
    byte[] wasm = kind.make().apply(kind.manyTypes() ? MANY_IMPORTS / 10 : MANY_IMPORTS);
    MemorySegment out = arena.allocate(ADDRESS);
    double compile = best(() -> compile(nativeEngine, wasm, out));
    double link = Double.MAX_VALUE;
    int imports;
    try (Module module = Module.fromBytes(engine, wasm);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      imports = module.imports().size();
      for (int i = 0; i < 20; i++) {
        link = Math.min(link, time(() -> link(linker, store, module)));
      }
    }
    line(
        "%-34s %8d %9.3f %9.3f%s",
        kind.name(), imports, compile, link, mark(link > LINKED * compile + LINKED_MS));
  }

  private static void link(Linker linker, Store store, Module module) {
    try {
      linker.instantiate(store, module);
      throw new AssertionError("what is missing was found");
    } catch (LinkException expected) {
      sink = expected;
    }
  }

  private static void traps(Engine engine, Family family, int size) {
    byte[] wasm = family.make().apply(size);
    byte[] plain =
        new String(wasm, StandardCharsets.ISO_8859_1)
            .replace(".debug_line", ".debug_none")
            .getBytes(StandardCharsets.ISO_8859_1);
    double first = Double.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      first = Math.min(first, traps(engine, wasm, 1));
    }
    double later = Double.MAX_VALUE;
    double without = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      later = Math.min(later, traps(engine, wasm, TRAPS));
      without = Math.min(without, traps(engine, plain, TRAPS));
    }
    line(
        "%-34s %8.1f %9.3f%s %8.2f %9.2f %9.2f%s",
        family.name(),
        wasm.length / 1e3,
        first,
        mark(first > FIRST_TRAP_MS),
        later * 1e3,
        without * 1e3,
        later / without,
        mark(later > LATER_TRAP * without));
  }

  /** Milliseconds of the median trap. */
  private static double traps(Engine engine, byte[] wasm, int count) {
    try (Module module = Module.fromBytes(engine, wasm);
        Store store = Store.create(engine)) {
      Func trap = Instance.create(store, module).func("trap");
      double[] times = new double[count];
      for (int i = 0; i < count; i++) {
        times[i] = time(() -> trap(trap));
      }
      Arrays.sort(times);
      return times[count / 2];
    }
  }

  private static void trap(Func trap) {
    try {
      trap.call();
      throw new AssertionError("the guest did not trap");
    } catch (TrapException expected) {
      sink = expected;
    }
  }
}
