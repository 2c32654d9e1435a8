package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ChangeWorld.NO_TEXT;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;

/** Calls of the public methods that change something, each of which fails, by the method. */
final class ChangeCases {
  private static final FuncType NONE = FuncType.of();
  private static final HostFunction NOTHING = (caller, args) -> null;
  private static final String TWO = "(func (export \"a\")) (func (export \"b\"))";

  /** A call that must throw. */
  interface Failing {
    void call(ChangeWorld w) throws Exception;
  }

  private final Map<String, List<Failing>> cases = new LinkedHashMap<>();

  private ChangeCases() {}

  /** All of them. */
  static Map<String, List<Failing>> all() {
    ChangeCases all = new ChangeCases();
    all.definitions();
    all.modules();
    all.memories();
    all.tables();
    all.values();
    all.stores();
    all.rest();
    return all.cases;
  }

  private void add(String method, Failing... failing) {
    cases.computeIfAbsent(method, missing -> new ArrayList<>()).addAll(List.of(failing));
  }

  private static Failing elsewhere(Failing failing) {
    return w -> {
      AtomicReference<Exception> thrown = new AtomicReference<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  failing.call(w);
                } catch (Exception e) {
                  thrown.set(e);
                }
              });
      thread.start();
      thread.join();
      if (thrown.get() != null) {
        throw thrown.get();
      }
    };
  }

  private static Failing shadowing(Failing failing) {
    return w -> {
      w.linker.allowShadowing(true);
      try {
        failing.call(w);
      } finally {
        w.linker.allowShadowing(false);
      }
    };
  }

  @SuppressWarnings("NullAway")
  private void definitions() {
    add(
        "Linker.define(String, String, FuncType, HostFunction)",
        w -> w.linker.define("m", "b", NONE, NOTHING),
        w -> w.linker.define("m", NO_TEXT, NONE, NOTHING),
        w -> w.linker.define("m", "c", NONE, null),
        w -> w.linker.define("m", null, NONE, NOTHING),
        w -> {
          RefType foreign = new RefType(true, StructType.create(w.foreignEngine));
          w.linker.define("m", "c", FuncType.of(ValType.I32, foreign), NOTHING);
        });
    add(
        "Linker.define(String, String, Class, Object)",
        w -> w.linker.define("m", "b", IntSupplier.class, () -> 1),
        w -> w.linker.define("m", NO_TEXT, IntSupplier.class, () -> 1),
        w -> w.linker.define("m", "c", String.class, ""));
    add(
        "Linker.define(String, String, FuncType, Lookup, Class, Object)",
        w -> w.linker.define("m", "b", NONE, null, Runnable.class, () -> {}),
        w -> w.linker.define("m", "c", NONE, MethodHandles.lookup(), IntSupplier.class, () -> 1),
        w -> w.linker.define(NO_TEXT, "c", NONE, null, Runnable.class, () -> {}));
    add(
        "Linker.define(String, String, Extern)",
        w -> w.linker.define("m", "b", w.guest.memory("memory")),
        w -> w.linker.define("m", NO_TEXT, w.guest.memory("memory")),
        w -> w.linker.define(null, "c", w.guest.memory("memory")),
        w -> w.linker.define("m", "c", w.foreignFunc),
        w -> w.linker.define("m", "b", w.shared),
        w -> w.linker.define("m", NO_TEXT, w.shared),
        w -> w.linker.define("m", "c", w.closedMemory()),
        elsewhere(w -> w.linker.define("m", "c", w.guest.memory("memory"))));
    add(
        "Linker.defineInstance(String, Instance)",
        w -> w.linker.defineInstance("m", w.guest),
        w -> w.linker.defineInstance(NO_TEXT, w.guest),
        shadowing(w -> w.linker.defineInstance(NO_TEXT, w.guest)),
        shadowing(w -> w.linker.defineInstance(null, w.guest)),
        elsewhere(w -> w.linker.defineInstance("x", w.guest)));
    add("Linker.defineWasi()", w -> w.linker.defineWasi());
  }

  private void modules() {
    Failing missing =
        w -> {
          String imports = "(import \"m\" \"b\" (func (result i32))) (import \"m\" \"c\" (func))";
          w.linker.instantiate(w.store, w.module("(module " + imports + ")"));
        };
    String starts = "(import \"host\" \"fail\" (func $f)) (start $f)";
    add(
        "Linker.instantiate(Store, Module)",
        missing,
        w -> w.linker.instantiate(w.store, w.module("(module " + starts + ")")),
        w -> w.linker.instantiate(w.store, w.module("(module (memory 17))")),
        w -> w.linker.instantiate(w.store, w.closedModule()),
        w -> w.linker.instantiate(w.closedStore(), w.module));
    add(
        "Linker.instantiatePre(Module)",
        w -> w.linker.instantiatePre(w.module("(module (import \"m\" \"c\" (func)))")),
        w -> w.linker.instantiatePre(w.closedModule()));
    add(
        "InstancePre.instantiate(Store)",
        w -> w.linker.instantiatePre(w.module("(module " + starts + ")")).instantiate(w.store),
        w -> w.linker.instantiatePre(w.module("(module (memory 17))")).instantiate(w.store));
    add(
        "Instance.create(Store, Module, Extern[])",
        w -> {
          String imports = "(import \"\" \"\" (func)) (import \"\" \"\" (func))";
          Module two = w.module("(module " + imports + ")");
          Instance.create(w.store, two, w.ownFunc, w.otherFunc);
        },
        w -> {
          String imports = "(import \"\" \"\" (memory 1 2 shared)) (import \"\" \"\" (func))";
          Instance.create(w.store, w.module("(module " + imports + ")"), w.shared, w.shared);
        });
    for (String command :
        new String[] {
          TWO, // b is taken
          TWO + "(func (export \"_start\"))",
          "(func (export \"_initialize\") unreachable) (func (export \"a\"))",
          "(func (export \"_initialize\") (param i32)) (func (export \"a\"))",
          starts + "(func (export \"a\"))",
          "(import \"m\" \"c\" (func)) (func (export \"a\"))",
          "(func (export \"a\")) (func (export \"_start\")) (global (export \"c\") i32 i32.const 1)"
        }) {
      Failing failing =
          w -> w.linker.defineModule(w.store, "m", w.module("(module " + command + ")"));
      add("Linker.defineModule(Store, String, Module)", failing);
      if (!command.startsWith(TWO)) {
        add("Linker.defineModule(Store, String, Module)", shadowing(failing));
      }
    }
    add(
        "Linker.defineModule(Store, String, Module)",
        w -> w.linker.defineModule(w.store, NO_TEXT, w.module("(module " + TWO + ")")),
        w -> w.linker.defineModule(w.store, "x", w.closedModule()));
    add(
        "Linker.defineUnknownImportsAsTraps(Module)",
        w -> w.linker.defineUnknownImportsAsTraps(w.closedModule()),
        w ->
            w.linker.defineUnknownImportsAsTraps(
                Module.fromWat(w.foreignEngine, "(module (import \"x\" \"a\" (func)))")));
    Failing noDefault =
        w -> {
          String imports = "(import \"x\" \"a\" (func)) (import \"x\" \"b\" (global (ref func)))";
          w.linker.defineUnknownImportsAsDefaults(w.store, w.module("(module " + imports + ")"));
        };
    add(
        "Linker.defineUnknownImportsAsDefaults(Store, Module)",
        noDefault,
        shadowing(noDefault),
        elsewhere(noDefault),
        w -> w.linker.defineUnknownImportsAsDefaults(w.store, w.closedModule()));
  }

  private void memories() {
    add("Memory.grow(long)", w -> memory(w).grow(2), w -> memory(w).grow(-1));
    add("Memory.create(Store, MemoryType)", w -> Memory.create(w.store, MemoryType.of(17)));
    add("Memory.read(long, byte[])", w -> memory(w).read(65533, w.read));
    add(
        "Memory.write(long, byte[])",
        w -> memory(w).write(65533, new byte[] {1, 2, 3, 4}),
        w -> memory(w).write(-1, new byte[] {1, 2, 3, 4}),
        elsewhere(w -> memory(w).write(0, new byte[] {9})));
    add(
        "Memory.fill(long, long, byte)",
        w -> memory(w).fill(65533, 4, (byte) 1),
        w -> memory(w).fill(1, Long.MAX_VALUE, (byte) 1),
        w -> memory(w).fill(0, -1, (byte) 1));
    add(
        "Memory.copy(long, Memory, long, long)",
        w -> memory(w).copy(0, memory(w), 65533, 4),
        w -> memory(w).copy(65533, memory(w), 5, 4),
        w -> memory(w).copy(0, Memory.create(w.other, MemoryType.of(1)), 0, 3));
    add(
        "Memory.writeString(long, String)",
        w -> memory(w).writeString(65533, "four"),
        w -> memory(w).writeString(0, "text" + NO_TEXT));
    add("SharedMemory.grow(long)", w -> w.shared.grow(2), w -> w.shared.grow(-1));
    add(
        "SharedMemory.create(Engine, MemoryType)",
        w -> SharedMemory.create(w.foreignEngine, MemoryType.shared(1, 2)),
        w -> SharedMemory.create(w.engine, MemoryType.shared(3, 2)));
  }

  private static Memory memory(ChangeWorld w) {
    return w.guest.memory("memory");
  }

  private void tables() {
    add(
        "Table.set(long, Object)",
        w -> w.guest.table("table").set(1, "no function"),
        w -> w.guest.table("table").set(1, w.otherFunc),
        w -> w.guest.table("table").set(3, null),
        w -> w.guest.table("concrete").set(1, w.misfit));
    add(
        "Table.fill(long, long, Object)",
        w -> w.guest.table("table").fill(1, 3, null),
        w -> w.guest.table("table").fill(0, 3, w.otherFunc),
        w -> w.guest.table("concrete").fill(0, 3, w.misfit));
    add(
        "Table.copy(long, Table, long, long)",
        w -> w.guest.table("table").copy(1, w.guest.table("table"), 0, 3),
        w -> w.guest.table("table").copy(0, w.guest.table("table"), 1, 3),
        w -> w.guest.table("table").copy(0, w.guest.table("any"), 0, 3),
        w -> w.guest.table("any").copy(0, w.guest.table("concrete"), 0, 3));
    add(
        "Table.grow(long, Object)",
        w -> w.guest.table("table").grow(2, null),
        w -> w.guest.table("table").grow(-1, null),
        w -> w.guest.table("table").grow(1, "no function"),
        w -> w.guest.table("concrete").grow(1, w.misfit));
    add(
        "Table.create(Store, TableType, Object)",
        w -> Table.create(w.store, TableType.of(ValType.EXTERNREF, 5, 4), "x"),
        w -> Table.create(w.store, TableType.of(ValType.FUNCREF, 5), w.otherFunc));
  }

  @SuppressWarnings("NullAway")
  private void values() {
    add(
        "Global.set(Object)",
        w -> w.guest.global("number").set(8),
        w -> w.guest.global("constant").set(8L),
        w -> w.guest.global("concrete_global").set(w.misfit),
        elsewhere(w -> w.guest.global("number").set(8L)));
    add(
        "Global.create(Store, GlobalType, Object)",
        w -> Global.create(w.store, w.guest.global("concrete_global").type(), w.misfit));
    add(
        "StructRef.set(int, Object)",
        w -> w.struct.set(0, 8),
        w -> w.struct.set(0, w.misfit),
        w -> w.struct.set(1, null));
    add(
        "ArrayRef.set(int, Object)",
        w -> w.array.set(0, 8),
        w -> w.array.set(0, w.misfit),
        w -> w.array.set(3, null));
    FieldType external = FieldType.mutable(ValType.EXTERNREF);
    add(
        "StructRef.create(Store, StructType, Object[])",
        w -> {
          StructType type =
              StructType.create(w.engine, external, external, FieldType.mutable(ValType.I32));
          StructRef.create(w.store, type, new Object(), new Object(), "no number");
        });
    add(
        "ArrayRef.create(Store, ArrayType, Object, int)",
        w -> ArrayRef.create(w.store, ArrayType.create(w.engine, external), new Object(), -1),
        w -> ArrayRef.create(w.store, w.array.type(), w.misfit, 3));
    Object[] wrong = {new Object(), new Object(), "no number"};
    add("ExnRef.create(Tag, Object[])", w -> ExnRef.create(w.guest.tag("tag"), wrong));
    add("GuestException.new(Tag, Object[])", w -> new GuestException(w.guest.tag("tag"), wrong));
    add("Func.call(Object[])", w -> w.guest.func("takes").call(wrong), w -> w.call("fails"));
    add(
        "Func.create(Store, FuncType, HostFunction)",
        w -> Func.create(w.store, NONE, null),
        w -> {
          RefType foreign = new RefType(true, StructType.create(w.foreignEngine));
          Func.create(w.store, FuncType.of(foreign), NOTHING);
        });
    add(
        "Func.create(Store, Class, Object)",
        w -> Func.create(w.store, String.class, ""),
        w -> Func.create(w.closedStore(), Runnable.class, () -> {}));
    add(
        "Tag.create(Store, TagType)",
        w -> Tag.create(w.store, new TagType(NONE.returns(ValType.I32))));
  }

  @SuppressWarnings("NullAway")
  private void stores() {
    add("Store.setData(Object)", elsewhere(w -> w.store.setData("other")));
    add("Store.setFuel(long)", elsewhere(w -> w.store.setFuel(1)));
    add(
        "Store.limit(StoreLimits)",
        w -> w.store.limit(null),
        elsewhere(w -> w.store.limit(StoreLimits.NONE)));
    add(
        "Store.setTimeout(Duration)",
        w -> w.store.setTimeout(Duration.ofNanos(-1)),
        elsewhere(w -> w.store.setTimeout(null)));
    add(
        "Store.within(Duration, Action)",
        w -> w.store.within(Duration.ofNanos(-1), () -> memory(w).grow(1)),
        w ->
            w.store.within(
                Duration.ofHours(1),
                () -> {
                  throw new IllegalStateException("the action fails");
                }),
        elsewhere(w -> w.store.within(Duration.ofHours(1), () -> memory(w).grow(1))));
    add("Store.setEpochDeadline(long)", w -> w.store.setEpochDeadline(-1));
    add("Store.onEpochDeadline(EpochCallback)", elsewhere(w -> w.store.onEpochDeadline(s -> 1)));
    add("Store.gc()", elsewhere(w -> w.store.gc()));
    add("Store.close()", elsewhere(w -> w.store.close()));
    add(
        "UntrustedGuests.applyTo(Store)",
        w -> UntrustedGuests.builder().build().applyTo(w.store)); // which has collected objects
  }

  @SuppressWarnings("NullAway")
  private void rest() {
    Duration second = Duration.ofSeconds(1);
    add(
        "GuestProfiler.start(Store, String, Duration, Map)",
        w -> {
          Map<String, Module> modules = new LinkedHashMap<>();
          modules.put("open", w.module);
          modules.put("closed", w.closedModule());
          GuestProfiler.start(w.store, "p", second, modules);
        },
        w -> GuestProfiler.start(w.store, "p", second, Map.of(NO_TEXT, w.module)),
        w -> GuestProfiler.start(w.store, NO_TEXT, second, Map.of("m", w.module)));
    add(
        "GuestProfiler.sample(Duration)",
        w -> w.profiler.sample(second.negated()),
        elsewhere(w -> w.profiler.sample(second)));
    add("GuestProfiler.finish()", elsewhere(w -> w.profiler.finish()));
    add(
        "ModuleCache.module(Engine, byte[])",
        w -> ModuleCache.open(w.folder, 1_000_000).module(w.engine, new byte[] {1, 2, 3}));
    add(
        "OutputCapture.write(byte[], int, int)",
        w -> w.capture.write(new byte[1], 0, 5),
        w -> w.capture.write(new byte[9], 5, 9),
        w -> w.capture.write(null, 0, 1));
  }
}
