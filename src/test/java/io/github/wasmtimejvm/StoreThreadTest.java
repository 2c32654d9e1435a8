package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.build.PublicMethods;
import io.github.wasmtimejvm.build.PublicMethods.Method;
import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.OtherThread;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every method that is for the store's threads alone, by its Javadoc, refuses another one. */
class StoreThreadTest {
  private static final FuncType NOTHING = FuncType.of();

  private interface Nothing {
    void run();
  }

  private final UntrustedGuests limits = UntrustedGuests.builder().gc(true).fuel(1_000).build();

  @RegisterExtension private final EngineFixture fixture = EngineFixture.of(limits.engineBuilder());

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(StoreThreadTest.class, "store-thread.wat");
  private final Linker linker = fixture.newLinker();
  private final Linker bound = fixture.newLinker();
  private final Store store = fixture.newStore();
  private Instance instance;

  @BeforeEach
  void instantiate() {
    store.setFuel(1_000_000);
    instance = Instance.create(store, module);
    bound.define("a", "memory", instance.memory("memory"));
  }

  private Map<String, ThrowingCallable> uses() {
    Map<String, ThrowingCallable> uses = new TreeMap<>();
    ofObjects(uses);
    ofItems(uses);
    ofInstances(uses);
    uses.put("Store.gc", store::gc);
    uses.put("Store.setData", () -> store.setData("data"));
    uses.put("Store.data", store::data);
    uses.put("Store.setFuel", () -> store.setFuel(1));
    uses.put("Store.fuel", store::fuel);
    uses.put("Store.limit", () -> store.limit(StoreLimits.NONE));
    uses.put("Store.setTimeout", () -> store.setTimeout(Duration.ZERO));
    uses.put("Store.within", () -> store.within(Duration.ZERO, () -> null));
    uses.put("Store.setEpochDeadline", () -> store.setEpochDeadline(1));
    uses.put("Store.onEpochDeadline", () -> store.onEpochDeadline(null));
    uses.put("Store.close", store::close);
    uses.put("WasiConfig.applyTo", () -> WasiConfig.builder().build().applyTo(store));
    uses.put("UntrustedGuests.applyTo", () -> limits.applyTo(store));
    GuestProfiler profiler = GuestProfiler.start(store, "name", Duration.ofMillis(1), Map.of());
    uses.put(
        "GuestProfiler.start",
        () -> GuestProfiler.start(store, "name", Duration.ofMillis(1), Map.of()));
    uses.put("GuestProfiler.sample", () -> profiler.sample(Duration.ZERO));
    uses.put("GuestProfiler.finish", profiler::finish);
    return uses;
  }

  private void ofObjects(Map<String, ThrowingCallable> uses) {
    StructType structType = StructType.create(engine, FieldType.mutable(ValType.I32));
    ArrayType arrayType = ArrayType.create(engine, FieldType.mutable(ValType.I32));
    StructRef struct = StructRef.create(store, structType, 1);
    ArrayRef array = ArrayRef.create(store, arrayType, 1, 1);
    Tag tag = instance.tag("tag");
    ExnRef exception = ExnRef.create(tag, 1);
    GuestException thrown = new GuestException(exception);
    uses.put("StructRef.create", () -> StructRef.create(store, structType, 1));
    uses.put("StructRef.type", struct::type);
    uses.put("StructRef.get", () -> struct.get(0));
    uses.put("StructRef.set", () -> struct.set(0, 1));
    uses.put("ArrayRef.create", () -> ArrayRef.create(store, arrayType, 1, 1));
    uses.put("ArrayRef.type", array::type);
    uses.put("ArrayRef.length", array::length);
    uses.put("ArrayRef.get", () -> array.get(0));
    uses.put("ArrayRef.set", () -> array.set(0, 1));
    uses.put("ExnRef.create", () -> ExnRef.create(tag, 1));
    uses.put("ExnRef.tag", exception::tag);
    uses.put("ExnRef.payload", exception::payload);
    uses.put("GuestException.<init>", () -> new GuestException(tag, 1));
    uses.put("GuestException.tag", thrown::tag);
    uses.put("GuestException.payload", thrown::payload);
  }

  private void ofItems(Map<String, ThrowingCallable> uses) {
    Func func = instance.func("func");
    Memory memory = instance.memory("memory");
    Table table = instance.table("table");
    Global global = instance.global("global");
    Tag tag = instance.tag("tag");
    uses.put("Func.create", () -> Func.create(store, NOTHING, (caller, args) -> null));
    uses.put("Func.type", func::type);
    uses.put("Func.call", func::call);
    uses.put("Func.handle", () -> func.handle().invoke());
    uses.put("Func.as", () -> func.as(Runnable.class).run());
    uses.put("Memory.create", () -> Memory.create(store, MemoryType.of(1)));
    uses.put("Memory.type", memory::type);
    uses.put("Memory.size", memory::size);
    uses.put("Memory.byteSize", memory::byteSize);
    uses.put("Memory.grow", () -> memory.grow(0));
    uses.put("Memory.segment", memory::segment);
    uses.put("Memory.read", () -> memory.read(0, new byte[1]));
    uses.put("Memory.write", () -> memory.write(0, new byte[1]));
    uses.put("Memory.fill", () -> memory.fill(0, 1, (byte) 1));
    uses.put("Memory.copy", () -> memory.copy(0, memory, 1, 1));
    uses.put("Memory.readString", () -> memory.readString(0, 1));
    uses.put("Memory.writeString", () -> memory.writeString(0, "text"));
    uses.put("Table.create", () -> Table.create(store, TableType.of(ValType.FUNCREF, 1), null));
    uses.put("Table.type", table::type);
    uses.put("Table.size", table::size);
    uses.put("Table.get", () -> table.get(0));
    uses.put("Table.set", () -> table.set(0, null));
    uses.put("Table.fill", () -> table.fill(0, 1, null));
    uses.put("Table.copy", () -> table.copy(0, table, 0, 1));
    uses.put("Table.grow", () -> table.grow(0, null));
    uses.put("Global.create", () -> Global.create(store, global(), 1));
    uses.put("Global.type", global::type);
    uses.put("Global.get", global::get);
    uses.put("Global.set", () -> global.set(1));
    uses.put("Tag.create", () -> Tag.create(store, new TagType(NOTHING)));
    uses.put("Tag.type", tag::type);
  }

  private static GlobalType global() {
    return new GlobalType(ValType.I32, true);
  }

  private void ofInstances(Map<String, ThrowingCallable> uses) {
    InstancePre pre = linker.instantiatePre(module);
    uses.put("Instance.create", () -> Instance.create(store, module));
    uses.put("Instance.export", () -> instance.export("func"));
    uses.put("Instance.exports", instance::exports);
    uses.put("Instance.func", () -> instance.func("func"));
    uses.put("Instance.memory", () -> instance.memory("memory"));
    uses.put("Instance.sharedMemory", () -> instance.sharedMemory("memory"));
    uses.put("Instance.table", () -> instance.table("table"));
    uses.put("Instance.global", () -> instance.global("global"));
    uses.put("Instance.tag", () -> instance.tag("tag"));
    uses.put("Instance.as", () -> instance.as(MethodHandles.lookup(), Nothing.class).run());
    uses.put("InstancePre.instantiate", () -> pre.instantiate(store));
    uses.put("Linker.define", () -> linker.define("a", "b", instance.memory("memory")));
    uses.put("Linker.defineInstance", () -> linker.defineInstance("a", instance));
    uses.put("Linker.instantiate", () -> linker.instantiate(store, module));
    uses.put("Linker.instantiatePre", () -> bound.instantiatePre(module));
    uses.put("Linker.defineModule", () -> linker.defineModule(store, "a", module));
    uses.put(
        "Linker.defineUnknownImportsAsDefaults",
        () -> linker.defineUnknownImportsAsDefaults(store, module));
    uses.put("Linker.getDefault", () -> linker.getDefault(store, "a"));
    uses.put("Linker.get", () -> linker.get(store, "a", "b"));
  }

  @Test
  void everyOneOfThemRefusesAnotherThread() throws IOException {
    Map<String, ThrowingCallable> uses = uses();
    Set<String> documented = new TreeSet<>();
    for (Method method : PublicMethods.all()) {
      if (method.doc() != null && isStores(method.doc())) {
        documented.add(method.toString());
      }
    }
    assertThat(uses.keySet()).isEqualTo(documented);
    uses.forEach(
        (name, use) ->
            assertThat(OtherThread.thrownBy(use))
                .as(name)
                .isInstanceOf(WrongThreadException.class));
    assertThat(instance.func("func").call()).isNull();
  }

  private static boolean isStores(String doc) {
    return doc.contains("Threads: the store's") || doc.contains("or the store's");
  }
}
