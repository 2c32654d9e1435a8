package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.wasi.OutputCapture;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One object of each class that can be changed, and what can be seen of them all. */
final class ChangeWorld implements AutoCloseable {
  static final String NO_TEXT = "\ud800";

  /** What {@link #look} has the number of handles under. */
  static final String HANDLES = "handles";

  // Of the last call, and not of what was set.
  private static final Set<String> PASSING =
      Set.of("deadline", "runner", "lock", "watched", "idleCall");

  private static final String GUEST =
      """
      (module
        (type $t (struct (field (mut i32))))
        (type $holder (struct (field (mut (ref null $t)))))
        (type $array (array (mut (ref null $t))))
        (import "host" "fail" (func $fail))
        (memory (export "memory") 1 2)
        (table (export "table") 3 4 funcref)
        (table (export "any") 3 anyref)
        (table (export "concrete") 3 (ref null $t))
        (global (export "number") (mut i64) (i64.const 7))
        (global (export "constant") i64 (i64.const 7))
        (global (export "concrete_global") (mut (ref null $t)) (ref.null $t))
        (tag (export "tag") (param externref externref i32))
        (func (export "a") (result i32) (i32.const 1))
        (func (export "b") (result i32) (i32.const 2))
        (func (export "takes") (param externref externref i32))
        (func (export "t") (result (ref $t)) (struct.new $t (i32.const 5)))
        (func (export "holder") (result anyref)
          (struct.new $holder (struct.new $t (i32.const 5))))
        (func (export "array") (result anyref)
          (array.new $array (struct.new $t (i32.const 5)) (i32.const 3)))
        (func (export "fails") (call $fail)))
      """;

  final Engine engine;
  final Engine foreignEngine = Engine.create();
  final Store store;
  final Store other;
  final Store foreign = Store.create(foreignEngine);
  final Linker linker;
  final Module module;
  final Instance guest;
  final Func ownFunc;
  final Func otherFunc;
  final Func foreignFunc;
  final StructRef struct;
  final StructRef fits;
  final StructRef misfit;
  final ArrayRef array;
  final SharedMemory shared;
  final GuestProfiler profiler;
  final OutputCapture capture = new OutputCapture(4);
  final byte[] read = {9, 9, 9, 9};
  final Path folder;

  ChangeWorld(Path folder) {
    this.folder = folder;
    engine = Engine.builder().consumeFuel(true).interruptible(true).sharedMemory(true).build();
    store = Store.create(engine);
    other = Store.create(engine);
    store.setFuel(1_000_000);
    store.limit(StoreLimits.NONE.withMemoryBytes(1 << 20));
    store.setTimeout(Duration.ofHours(1));
    store.setData("data");
    other.setFuel(1_000_000);
    linker = Linker.create(engine);
    linker.define("m", "b", IntSupplier.class, () -> 7);
    linker.define("wasi_snapshot_preview1", "fd_write", IntSupplier.class, () -> 8);
    linker.define("host", "fail", Runnable.class, ChangeWorld::fail);
    module = module(GUEST);
    guest = linker.instantiate(store, module);
    ownFunc = func(store);
    otherFunc = func(other);
    foreignFunc = func(foreign);
    Func a = guest.func("a");
    guest.table("table").set(0, a);
    guest.table("table").set(2, a);
    guest.memory("memory").write(0, new byte[] {1, 2, 3});
    fits = (StructRef) call("t");
    misfit = StructRef.create(store, StructType.create(engine));
    struct = (StructRef) call("holder");
    array = (ArrayRef) call("array");
    guest.table("any").set(0, fits);
    guest.table("any").set(1, fits);
    guest.table("any").set(2, misfit);
    guest.table("concrete").set(1, fits);
    guest.global("concrete_global").set(fits);
    shared = SharedMemory.create(engine, MemoryType.shared(1, 2));
    profiler = GuestProfiler.start(store, "p", Duration.ofMillis(1), Map.of());
    capture.write(new byte[] {'a', 'b'}, 0, 2);
  }

  private static void fail() {
    throw new IllegalStateException("the host function fails");
  }

  Object call(String function) {
    return guest.func(function).call();
  }

  Module module(String wat) {
    return Module.fromWat(engine, wat);
  }

  private static Func func(Store where) {
    return Func.create(where, FuncType.of(), (caller, args) -> null);
  }

  Store closedStore() {
    Store closed = Store.create(engine);
    closed.close();
    return closed;
  }

  Module closedModule() {
    Module closed = module("(module)");
    closed.close();
    return closed;
  }

  SharedMemory closedMemory() {
    SharedMemory closed = SharedMemory.create(engine, MemoryType.shared(1, 2));
    closed.close();
    return closed;
  }

  /** All that can be seen. */
  Map<String, Object> look() throws IOException {
    Map<String, Object> seen = new TreeMap<>();
    for (String module : List.of("m", "host", "wasi_snapshot_preview1", "x", NO_TEXT)) {
      for (String name : List.of("a", "b", "c", "fail", "fd_write", "fd_read", "_start")) {
        seen.put(module + "." + name, defined(module, name));
      }
    }
    Memory memory = guest.memory("memory");
    byte[] bytes = new byte[(int) memory.byteSize()];
    memory.read(0, bytes);
    seen.put("memory", bytes.length + " " + Arrays.hashCode(bytes));
    for (String table : List.of("table", "any", "concrete")) {
      seen.put(table, elements(guest.table(table)));
    }
    for (String global : List.of("number", "constant", "concrete_global")) {
      seen.put(global, text(guest.global(global).get()));
    }
    seen.put("struct", text(struct.get(0)));
    seen.put("array", List.of(text(array.get(0)), text(array.get(1)), text(array.get(2))));
    seen.put("shared", shared.size());
    seen.put("store", fields(store));
    seen.put("linker", fields(linker));
    seen.put("capture", capture.text() + capture.isTruncated());
    seen.put("read", Arrays.toString(read));
    try (Stream<Path> files = Files.list(folder)) {
      seen.put("files", files.toList().toString());
    }
    store.gc();
    other.gc();
    Handles.drain();
    seen.put(HANDLES, Handles.registered());
    return seen;
  }

  // In a store that is none of the linker's: it must serve any.
  private String defined(String module, String name) {
    if (module.equals(NO_TEXT)) {
      return "";
    }
    try {
      return linker.get(other, module, name).map(ChangeWorld::called).orElse("nothing");
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static String called(Extern item) {
    return item instanceof Func func && func.type().results().size() == 1
        ? "" + func.call()
        : item.getClass().getSimpleName();
  }

  private static List<String> elements(Table table) {
    List<String> elements = new ArrayList<>();
    for (long i = 0; i < table.size(); i++) {
      elements.add(text(table.get(i)));
    }
    return elements;
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case StructRef struct when !struct.type().fields().isEmpty() -> "struct " + struct.get(0);
      case StructRef _ -> "empty struct";
      case Func func -> "function " + func.call();
      default -> value.toString();
    };
  }

  /** The fields that say what an object is set to, and those of what it holds. */
  static String fields(Object object) {
    StringBuilder text = new StringBuilder();
    for (Field field : object.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) || PASSING.contains(field.getName())) {
        continue;
      }
      field.setAccessible(true);
      try {
        Object value = field.get(object);
        text.append(field.getName()).append('=').append(shown(value)).append('\n');
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    if (object instanceof Store store) {
      text.append(fields(store.state().deadlines()));
    }
    return text.toString();
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case MemorySegment segment -> "" + segment.address();
      case Map<?, ?> map -> map.size() + map.keySet().toString();
      case Object set when set.getClass().getSimpleName().equals("WasiImports") -> fields(set);
      default -> value.toString();
    };
  }

  @Override
  public void close() {
    profiler.close();
    shared.close();
    linker.close();
    store.close();
    other.close();
    foreign.close();
    module.close();
    engine.close();
    foreignEngine.close();
  }
}
