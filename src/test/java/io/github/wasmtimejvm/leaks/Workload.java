package io.github.wasmtimejvm.leaks;

import static io.github.wasmtimejvm.ValType.I32;
import static io.github.wasmtimejvm.ValType.I64;

import io.github.wasmtimejvm.AbstractHeapType;
import io.github.wasmtimejvm.AnyRef;
import io.github.wasmtimejvm.ArrayRef;
import io.github.wasmtimejvm.ArrayType;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExnRef;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.FieldType;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Global;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.GuestProfiler;
import io.github.wasmtimejvm.I31;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.InstancePre;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.PackedType;
import io.github.wasmtimejvm.PoolingAllocation;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.SharedMemory;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.StructRef;
import io.github.wasmtimejvm.StructType;
import io.github.wasmtimejvm.Table;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.Tag;
import io.github.wasmtimejvm.TagType;
import io.github.wasmtimejvm.V128;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.OutputCapture;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandleProxies;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * A little of everything that a program does with the library, whatever fails among it: each use
 * closes what it made, or leaves it to the Cleaner.
 */
final class Workload implements AutoCloseable {
  private static final String GUEST =
      """
      (module
        (type $point (struct (field $x (mut i32)) (field $y i8)))
        (type $bytes (array (mut i8)))
        (import "host" "f" (func $f (param i32) (result i32)))
        (import "host" "any" (func $any (param anyref externref) (result anyref externref)))
        (import "host" "tag" (tag $tag (param i32 externref)))
        (memory (export "memory") 1 4)
        (table (export "table") 2 10 externref)
        (table (export "functions") 2 10 funcref)
        (global (export "global") (mut anyref) (ref.null any))
        (func (export "f") (param i32) (result i32) (call $f (local.get 0)))
        (func (export "any") (param anyref externref) (result anyref externref)
          (call $any (local.get 0) (local.get 1)))
        (func (export "point") (param i32) (result (ref $point))
          (struct.new $point (local.get 0) (i32.const -1)))
        (func (export "bytes") (param i32) (result (ref $bytes))
          (array.new $bytes (i32.const 7) (local.get 0)))
        (func (export "intern") (param externref) (result anyref)
          (any.convert_extern (local.get 0)))
        (func (export "extern") (param anyref) (result externref)
          (extern.convert_any (local.get 0)))
        (func (export "throw") (param i32 externref) (throw $tag (local.get 0) (local.get 1)))
        (func (export "catch") (result exnref)
          (block $caught (result exnref)
            (try_table (catch_all_ref $caught) (drop (call $f (i32.const -2))))
            (unreachable)))
        (func (export "rethrow") (param exnref) (throw_ref (local.get 0)))
        (func (export "x") (param (ref $point)) (result i32)
          (struct.get $point $x (local.get 0)))
        (func (export "v128") (param v128) (result v128) (local.get 0))
        (func $deep (export "deep") (call $deep))
        (func (export "loop") (loop $l (br $l)))
        (func (export "trap") (unreachable)))
      """;

  private static final String WASI =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\20\\00\\00\\00\\10\\00\\00\\00")
        (func (export "_start")
          (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
          (i32.store (i32.const 4) (i32.load (i32.const 8)))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (call $exit (i32.const 7)))
        (func (export "trap") (unreachable)))
      """;

  private static final ValType ANYREF = new RefType(true, AbstractHeapType.ANY);
  private static final FuncType INTS = FuncType.of(I32).returns(I32);
  private static final FuncType REFERENCES =
      FuncType.of(ANYREF, ValType.EXTERNREF).returns(ANYREF, ValType.EXTERNREF);
  private static final TagType TAG = new TagType(FuncType.of(I32, ValType.EXTERNREF));

  /** A function of numbers, called without boxing. */
  public interface Ints {
    int f(int number);
  }

  private final Engine engine;
  private final Module module;
  private final Module wasi;
  private final Path folder;

  /**
   * @param folder for files of the guests' and of compiled modules
   */
  Workload(Path folder) {
    this.folder = folder;
    engine = Engine.builder().interruptible(true).build();
    module = Module.fromWat(engine, GUEST);
    wasi = Module.fromWat(engine, WASI);
  }

  @Override
  public void close() {
    wasi.close();
    module.close();
    engine.close();
  }

  /** Does all of it once. */
  void run() throws Exception {
    compile();
    engines();
    forget();
    try (Store store = Store.create(engine);
        Linker linker = linker(store)) {
      Instance instance = linker.instantiate(store, module);
      calls(store, instance);
      references(store, instance);
      exceptions(store, instance);
      items(store, instance);
      host(store, linker);
    }
    link();
    limits();
    shared();
    profile();
    programs();
    closedBeforeUse();
  }

  /** Code that is expected to fail. */
  private interface Failing {
    void run() throws Exception;
  }

  /** Runs what must fail, in a way that the library documents. */
  private static void fails(Class<? extends Exception> how, Failing code) {
    try {
      code.run();
    } catch (Exception e) {
      if (how.isInstance(e)) {
        return;
      }
      throw new AssertionError("another failure than " + how, e);
    }
    throw new AssertionError("it did not fail with " + how);
  }

  private static void fails(Failing code) {
    fails(RuntimeException.class, code);
  }

  private static void same(Object actual, Object expected) {
    if (!expected.equals(actual)) {
      throw new AssertionError(actual + " instead of " + expected);
    }
  }

  private Linker linker(Store store) {
    Linker linker = Linker.create(engine);
    linker.define("host", "f", INTS, (caller, args) -> host(caller.store(), (int) args[0]));
    linker.define("host", "any", REFERENCES, (caller, args) -> args);
    linker.define("host", "tag", Tag.create(store, TAG));
    return linker;
  }

  private static Object host(Store store, int number) {
    return switch (number) {
      case -1 -> throw new IllegalStateException("from the host");
      case -2 -> throw new GuestException(Tag.create(store, TAG), 5, "thrown by the host");
      case -3 -> "no number";
      default -> number + 1;
    };
  }

  private void compile() throws IOException {
    fails(() -> Module.fromWat(engine, "(module"));
    fails(() -> Module.wat2wasm("(modul)"));
    fails(() -> Module.fromBytes(engine, new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 99}));
    fails(() -> Module.validate(engine, new byte[] {1, 2, 3}));
    fails(() -> Module.deserialize(engine, new byte[100]));
    Module.validate(engine, Module.wat2wasm("(module)"));
    try (Module small = Module.fromWat(engine, "(module (func (export \"f\")))")) {
      byte[] compiled = small.serialize();
      Path file = folder.resolve("compiled-" + Thread.currentThread().threadId());
      Files.write(file, compiled);
      Module.deserialize(engine, compiled).close();
      Module.deserializeFile(engine, file).close();
      compiled[compiled.length / 2] ^= 1;
      fails(() -> Module.deserialize(engine, compiled));
      Files.delete(file);
    }
    same(module.imports().size(), 3);
    same(module.exports().isEmpty(), false);
    declarations();
  }

  // The Cleaner deletes what the engine says of types.
  private void declarations() {
    String types = "(module (type $s (struct (field i32)))";
    String imports = "(import \"m\" \"g\" (global (ref null $s)))";
    String exports = "(global (export \"g\") (ref null $s) (ref.null $s)))";
    try (Module own = Module.fromWat(engine, types + imports + exports)) {
      same(own.imports().getFirst().type().toString(), "(global (ref null (struct i32)))");
      same(own.exports().getFirst().type(), own.imports().getFirst().type());
      byte[] compiled = own.serialize();
      // The engine's own, without what we put behind it.
      int size =
          ByteBuffer.wrap(compiled)
              .order(ByteOrder.LITTLE_ENDIAN)
              .getInt(compiled.length - 156 + 100);
      try (Module trusted = Module.trustCompiled(engine, Arrays.copyOf(compiled, size))) {
        same(trusted.imports(), own.imports());
        same(trusted.exports(), own.exports());
      }
    }
  }

  private void engines() {
    PoolingAllocation pool =
        PoolingAllocation.builder().totalMemories(4).maxMemorySize(1 << 20).build();
    try (Engine pooled = Engine.builder().pooling(pool).build();
        Store store = Store.create(pooled);
        Module small = Module.fromWat(pooled, "(module (memory 1))")) {
      Instance.create(store, small);
      fails(() -> Instance.create(store, module)); // of another engine
    }
    fails(() -> Engine.builder().target("no-such-target").build());
    fails(() -> Engine.builder().craneliftFlagSet("no_such_flag", "1").build());
    fails(
        () -> {
          Engine small = Engine.builder().feature(WasmFeature.GC, false).build();
          try (small) {
            Module.fromWat(small, GUEST);
          }
        });
  }

  // The Cleaner deletes these.
  private void forget() {
    Engine forgotten = Engine.builder().sharedMemory(true).build();
    Store store = Store.create(forgotten);
    Linker linker = Linker.create(forgotten);
    linker.define("host", "f", INTS, (caller, args) -> args[0]);
    Module guest =
        Module.fromWat(
            forgotten,
            """
            (module (import "host" "f" (func $f (param i32) (result i32)))
              (func (export "f") (param i32) (result i32) (call $f (local.get 0))))
            """);
    same(linker.instantiatePre(guest).instantiate(store).func("f").call(3), 3);
    SharedMemory.create(forgotten, MemoryType.shared(1, 2)).segment();
    StructRef.create(store, StructType.create(forgotten, FieldType.mutable(I32)), 3);
  }

  private void calls(Store store, Instance instance) throws Exception {
    Func f = instance.func("f");
    same(f.call(1), 2);
    same(
        MethodHandleProxies.asInterfaceInstance(IntUnaryOperator.class, f.handle()).applyAsInt(2),
        3);
    same(instance.as(Ints.class).f(3), 4);
    V128 vector = new V128(1, 2);
    same(instance.func("v128").call(vector), vector);
    fails(IllegalStateException.class, () -> f.call(-1));
    fails(GuestException.class, () -> f.call(-2));
    fails(() -> f.call(-3));
    fails(() -> f.call("no number"));
    fails(() -> f.call());
    fails(() -> instance.as(Ints.class).f(-1));
    fails(() -> instance.func("trap").call());
    fails(() -> instance.func("deep").call());
    fails(() -> store.within(Duration.ofMillis(1), () -> instance.func("loop").call()));
    Thread.currentThread().interrupt();
    fails(() -> instance.func("loop").call());
    Thread.interrupted();
    store.setEpochDeadline(1);
    store.onEpochDeadline(
        s -> {
          throw new IllegalStateException("from the epoch callback");
        });
    engine.incrementEpoch();
    fails(IllegalStateException.class, () -> instance.func("loop").call());
    store.setEpochDeadline(Long.MAX_VALUE);
  }

  private void references(Store store, Instance instance) {
    Object mine = new Object();
    StructRef point = (StructRef) instance.func("point").call(4);
    same(point.get(0), 4);
    point.set(0, 5);
    fails(() -> point.set(0, 5L));
    fails(() -> point.get(2));
    same(point.type().fields().size(), 2);
    ArrayRef bytes = (ArrayRef) instance.func("bytes").call(3);
    bytes.set(1, 9);
    fails(() -> bytes.get(3));
    fails(() -> bytes.set(3, 1));
    same(bytes.type().element(), FieldType.mutable(PackedType.I8));
    Func any = instance.func("any");
    same(((Object[]) any.call(point, mine))[1], mine);
    same(((Object[]) any.call(new I31(3), "text"))[0], new I31(3));
    any.call(bytes, null);
    fails(() -> any.call(mine, mine));
    fails(() -> any.call(point, point, point));
    AnyRef inside = (AnyRef) instance.func("intern").call(mine);
    same(instance.func("extern").call(inside), mine);
    Object outside = instance.func("extern").call(point);
    same(((Object[]) any.call(inside, outside)).length, 2);
    StructType type =
        StructType.create(engine, FieldType.mutable(ValType.EXTERNREF), FieldType.constant(ANYREF));
    StructRef struct = StructRef.create(store, type, mine, point);
    same(struct.get(0), mine);
    same(((StructRef) struct.get(1)).get(0), 5);
    fails(() -> StructRef.create(store, type, mine, mine));
    fails(() -> StructRef.create(store, type, mine));
    fails(() -> instance.func("x").call(struct));
    ArrayType texts = ArrayType.create(engine, FieldType.mutable(ValType.EXTERNREF));
    ArrayRef array = ArrayRef.create(store, texts, "text", 3);
    array.set(2, mine);
    same(array.get(0), "text");
    fails(() -> ArrayRef.create(store, texts, 1, -1));
    fails(() -> ArrayRef.create(store, texts, "text", Integer.MAX_VALUE));
    ArrayType points = ArrayType.create(engine, FieldType.mutable(new RefType(true, type)));
    same(points.element().storage(), new RefType(true, type));
    store.gc();
  }

  private void exceptions(Store store, Instance instance) {
    fails(GuestException.class, () -> instance.func("throw").call(3, "payload"));
    ExnRef caught = (ExnRef) instance.func("catch").call();
    same(caught.payload().get(0), 5);
    fails(GuestException.class, () -> instance.func("rethrow").call(caught));
    fails(() -> instance.func("rethrow").call((Object) null));
    Tag tag = Tag.create(store, TAG);
    ExnRef made = ExnRef.create(tag, 4, "payload");
    same(made.tag(), tag);
    fails(() -> ExnRef.create(tag, 4));
    fails(() -> ExnRef.create(tag, "payload", 4));
  }

  private void items(Store store, Instance instance) {
    for (Map.Entry<String, Extern> export : instance.exports().entrySet()) {
      same(instance.export(export.getKey()).isPresent(), true);
    }
    Table table = instance.table("table");
    table.set(0, "text");
    same(table.get(0), "text");
    table.grow(3, "more");
    table.fill(1, 2, "filled");
    same(table.type().element(), ValType.EXTERNREF);
    fails(() -> table.get(100));
    fails(() -> table.set(100, "text"));
    fails(() -> table.grow(100, "text"));
    fails(() -> table.fill(4, 100, "text"));
    Table functions = Table.create(store, TableType.of(ValType.FUNCREF, 1), instance.func("f"));
    same(((Func) functions.get(0)).call(1), 2);
    fails(() -> Table.create(store, TableType.of(ValType.FUNCREF, 1), "text"));
    fails(() -> Table.create(store, TableType.of(ValType.FUNCREF, 5, 1), null));
    Global global = Global.create(store, new GlobalType(ValType.EXTERNREF, true), "text");
    global.set("other");
    same(global.get(), "other");
    same(global.type().mutable(), true);
    fails(() -> Global.create(store, new GlobalType(I64, false), "text"));
    fails(() -> Global.create(store, new GlobalType(I64, false), 1L).set(2L));
    instance.global("global").set(new I31(4));
    same(instance.global("global").get(), new I31(4));
    Memory memory = Memory.create(store, MemoryType.of(1, 2));
    same(memory.grow(1), 1L);
    fails(() -> memory.grow(1));
    fails(
        () ->
            Memory.create(
                store, new MemoryType(1, MemoryType.of(0, 0).maximum(), false, false, 65536)));
    fails(() -> memory.read(1 << 20, new byte[1]));
    same(memory.type().minimum(), 1L);
    same(instance.func("f").type(), INTS);
    same(Tag.create(store, TAG).type(), TAG);
  }

  private void host(Store store, Linker linker) {
    Func function = Func.create(store, INTS, (caller, args) -> args[0]);
    same(function.call(3), 3);
    Func references = Func.create(store, REFERENCES, (caller, args) -> args);
    same(((Object[]) references.call(null, "text"))[1], "text");
    // The first result has a root when the second one is refused.
    Func half =
        Func.create(
            store,
            FuncType.of().returns(ValType.EXTERNREF, I32),
            (caller, args) -> new Object[] {"text", "no number"});
    fails(half::call);
    Func throwing =
        Func.create(
            store,
            REFERENCES,
            (caller, args) -> {
              throw new IllegalStateException("from the host");
            });
    fails(IllegalStateException.class, () -> throwing.call(null, "text"));
    same(Func.create(store, IntUnaryOperator.class, i -> -i).call(3), -3);
    fails(() -> linker.define("host", "f", INTS, (caller, args) -> args[0])); // there is one
    fails(() -> linker.define("host", "any", REFERENCES, (caller, args) -> args));
    fails(() -> linker.define("host", "f", function));
    fails(() -> Func.create(store, FuncType.of(foreignType()), (caller, args) -> null));
    fails(() -> linker.define("host", "foreign", FuncType.of(foreignType()), (c, a) -> null));
  }

  private static ValType foreignType() {
    try (Engine other = Engine.create()) {
      return new RefType(true, StructType.create(other, FieldType.mutable(I32)));
    }
  }

  private void link() {
    try (Store store = Store.create(engine);
        Linker empty = Linker.create(engine);
        Linker linker = linker(store)) {
      fails(() -> empty.instantiate(store, module));
      fails(() -> empty.instantiatePre(module));
      fails(() -> Instance.create(store, module));
      empty.defineUnknownImportsAsTraps(wasi);
      empty.defineUnknownImportsAsDefaults(store, module);
      try (Linker copy = linker.copy()) {
        copy.allowShadowing(true);
        copy.define("host", "f", INTS, (caller, args) -> args[0]);
        same(copy.instantiate(store, module).func("f").call(1), 1);
        same(copy.get(store, "host", "f").isPresent(), true);
        same(copy.get(store, "host", "nothing").isPresent(), false);
      }
      linker.defineModule(store, "named", module);
      linker.defineInstance("instance", linker.instantiate(store, module));
      try (Module starts = Module.fromWat(engine, "(module (func (unreachable)) (start 0))");
          InstancePre pre = empty.instantiatePre(starts)) {
        fails(() -> empty.instantiate(store, starts));
        fails(() -> pre.instantiate(store));
        fails(() -> empty.defineModule(store, "starts", starts));
        fails(() -> Instance.create(store, starts));
      }
    }
  }

  private void limits() {
    try (Engine fuelled = Engine.builder().consumeFuel(true).build();
        Store store = Store.create(fuelled);
        Module loops =
            Module.fromWat(fuelled, "(module (memory 1) (func (export \"f\") (loop (br 0))))")) {
      store.setFuel(1000);
      Instance instance = Instance.create(store, loops);
      fails(() -> instance.func("f").call());
      same(store.fuel(), 0L);
      store.limit(StoreLimits.NONE.withMemoryBytes(1));
      fails(() -> Instance.create(store, loops));
      fails(() -> Memory.create(store, MemoryType.of(1)));
      fails(() -> Global.create(store, new GlobalType(ValType.EXTERNREF, true), "no heap for it"));
    }
    try (Engine plain = Engine.builder().gcSupport(false).build();
        Store store = Store.create(plain)) {
      fails(() -> Global.create(store, new GlobalType(ValType.EXTERNREF, true), "no heap at all"));
    }
    try (Store store = Store.create(engine)) {
      fails(() -> store.setFuel(1)); // the engine counts none
      fails(store::fuel);
    }
  }

  private void shared() {
    try (Engine sharing = Engine.builder().sharedMemory(true).build();
        SharedMemory memory = SharedMemory.create(sharing, MemoryType.shared(1, 3));
        Store store = Store.create(sharing);
        Linker linker = Linker.create(sharing);
        Module guest =
            Module.fromWat(
                sharing,
                """
                (module (import "host" "memory" (memory 1 3 shared))
                  (export "memory" (memory 0)))
                """)) {
      linker.define("host", "memory", memory);
      Instance instance = linker.instantiate(store, guest);
      SharedMemory again = instance.sharedMemory("memory");
      same(again.grow(1), 1L);
      same(again.type().shared(), true);
      same(linker.get(store, "host", "memory").isPresent(), true);
      fails(() -> memory.grow(100));
      fails(() -> SharedMemory.create(sharing, MemoryType.of(1)));
      fails(() -> SharedMemory.create(sharing, MemoryType.shared(2, 1)));
      again.close();
      instance.exports(); // left to the Cleaner
    }
  }

  private void profile() {
    try (Store store = Store.create(engine)) {
      Map<String, Module> modules = Map.of("guest", module);
      Duration interval = Duration.ofMillis(1);
      try (GuestProfiler profiler = GuestProfiler.start(store, "all", interval, modules)) {
        profiler.sample(interval);
        same(profiler.finish().length > 0, true);
      }
      GuestProfiler.start(store, "closed", interval, modules).close();
      GuestProfiler.start(store, "forgotten", interval, modules);
    }
  }

  private void programs() throws IOException {
    WasiProgram program = WasiProgram.of(wasi);
    OutputCapture output = new OutputCapture(100);
    InputStream input = new ByteArrayInputStream("input".getBytes());
    WasiConfig streams = WasiConfig.builder().stdin(input).stdout(output).build();
    same(program.run(streams), new ExitStatus(7));
    same(output.text(), "input");
    WasiConfig bytes =
        WasiConfig.builder()
            .args("program", "argument")
            .env("NAME", "value")
            .stdinBytes("bytes".getBytes())
            .readOnlyDirectory(folder, "/")
            .stdoutLines(line -> {})
            .build();
    same(program.run(bytes), new ExitStatus(7));
    WasiConfig unwinding = WasiConfig.builder().unwindingExit().build();
    same(program.run(unwinding), new ExitStatus(7));
    fails(() -> program.run(bytes, "trap"));
    fails(() -> program.run(bytes, "no such function"));
    fails(() -> program.with(store -> store.setTimeout(Duration.ofNanos(-1))).run(bytes));
    Path gone = folder.resolve("gone");
    fails(Exception.class, () -> program.run(WasiConfig.builder().stdinFile(gone).build()));
    fails(
        Exception.class,
        () -> program.run(WasiConfig.builder().readOnlyDirectory(gone, "/").build()));
    WasiConfig failing =
        WasiConfig.builder()
            .stdoutLines(
                line -> {
                  throw new IllegalStateException("from a stream");
                })
            .stdinBytes("line\nline\n".getBytes())
            .build();
    fails(IllegalStateException.class, () -> program.run(failing));
  }

  private void closedBeforeUse() {
    Engine closed = Engine.create();
    StructType type = StructType.create(closed, FieldType.mutable(I32));
    Store store = Store.create(closed);
    Linker linker = Linker.create(closed);
    Module small = Module.fromWat(closed, "(module)");
    FuncType concrete = FuncType.of(I32, new RefType(true, type));
    closed.close();
    fails(() -> Store.create(closed));
    fails(() -> Linker.create(closed));
    fails(() -> Module.fromWat(closed, "(module)"));
    fails(() -> StructType.create(closed, FieldType.mutable(new RefType(true, type))));
    attempt(() -> Func.create(store, concrete, (caller, args) -> null));
    attempt(() -> linker.define("host", "f", concrete, (caller, args) -> null));
    attempt(() -> Tag.create(store, new TagType(concrete)));
    attempt(() -> Table.create(store, TableType.of(new RefType(true, type), 1), null));
    store.close();
    linker.close();
    small.close();
    fails(() -> Func.create(store, INTS, (caller, args) -> null));
    fails(() -> Table.create(store, TableType.of(ValType.FUNCREF, 1), null));
    fails(() -> Global.create(store, new GlobalType(I32, true), 1));
    fails(() -> Memory.create(store, MemoryType.of(1)));
    fails(() -> Tag.create(store, TAG));
    fails(() -> linker.define("host", "f", INTS, (caller, args) -> null));
    fails(() -> linker.instantiatePre(small));
  }

  /** Runs what may succeed or fail. */
  private static void attempt(Failing code) {
    try {
      code.run();
    } catch (Exception expected) {
      // Whichever: nothing may be left behind.
    }
  }
}
