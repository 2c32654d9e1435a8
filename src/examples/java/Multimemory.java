import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmFeature;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/**
 * A guest with two memories: the twin of {@code examples/multimemory.c}.
 *
 * <p>For {@code wasmtime_config_wasm_multi_memory_set} and, once for each memory, what {@code
 * MemoryExample} uses.
 */
public final class Multimemory {
  private static final String GUEST =
      """
      (module
        (memory $m0 (export "memory0") 2 3)
        (memory $m1 (export "memory1") 2 4)
        (data (memory $m0) (i32.const 0x1000) "\\01\\02\\03\\04")
        (data (memory $m1) (i32.const 0x1000) "\\04\\03\\02\\01")
        (func (export "size0") (result i32)
          memory.size $m0)
        (func (export "load0") (param $address i32) (result i32)
          (i32.load8_s $m0 (local.get $address)))
        (func (export "store0") (param $address i32) (param $value i32)
          (i32.store8 $m0 (local.get $address) (local.get $value)))
        (func (export "size1") (result i32)
          memory.size $m1)
        (func (export "load1") (param $address i32) (result i32)
          (i32.load8_s $m1 (local.get $address)))
        (func (export "store1") (param $address i32) (param $value i32)
          (i32.store8 $m1 (local.get $address) (local.get $value))))
      """;

  /** A function of the guest that writes a byte. */
  @FunctionalInterface
  public interface StoreByte {
    /** Writes it. */
    void store(int address, int value);
  }

  /** One memory with the guest's functions that use it. */
  private record Access(Memory memory, IntSupplier size, IntUnaryOperator load, StoreByte store) {
    static Access of(Instance instance, int index) {
      return new Access(
          instance.memory("memory" + index),
          instance.func("size" + index).as(IntSupplier.class),
          instance.func("load" + index).as(IntUnaryOperator.class),
          instance.func("store" + index).as(StoreByte.class));
    }
  }

  public static void main(String[] args) {
    System.out.println("Initializing...");
    try (Engine engine = Engine.builder().feature(WasmFeature.MULTI_MEMORY, true).build();
        Store store = Store.create(engine)) {
      System.out.println("Compiling module...");
      try (Module module = Module.fromWat(engine, GUEST)) {
        System.out.println("Instantiating module...");
        Instance instance = Instance.create(store, module);
        System.out.println("Extracting exports...");
        Access access0 = Access.of(instance, 0);
        Access access1 = Access.of(instance, 1);

        System.out.println("Checking memory...");
        checkContent(access0, 1, 2, 3, 4);
        checkContent(access1, 4, 3, 2, 1);

        System.out.println("Mutating memory...");
        mutate(access0, 5, 6);
        mutate(access1, 7, 8);

        System.out.println("Growing memory...");
        grow(access0, 1);
        grow(access1, 2);
      }
      System.out.println("Shutting down...");
    }
    System.out.println("Done.");
  }

  private static void checkContent(Access access, int... expected) {
    check(access.memory.size() == 2);
    check(access.memory.byteSize() == 0x20000);
    check(access.size.getAsInt() == 2);

    MemorySegment bytes = access.memory.segment();
    check(bytes.get(JAVA_BYTE, 0) == 0);
    check(access.load.applyAsInt(0) == 0);
    for (int i = 0; i < expected.length; i++) {
      check(bytes.get(JAVA_BYTE, 0x1000 + i) == expected[i]);
      check(access.load.applyAsInt(0x1000 + i) == expected[i]);
    }
    check(access.load.applyAsInt(0x1ffff) == 0);
    checkTraps(() -> access.load.applyAsInt(0x20000));
  }

  private static void mutate(Access access, int byJava, int byGuest) {
    MemorySegment bytes = access.memory.segment();
    bytes.set(JAVA_BYTE, 0x1003, (byte) byJava);
    access.store.store(0x1002, byGuest);
    checkTraps(() -> access.store.store(0x20000, 0));

    check(bytes.get(JAVA_BYTE, 0x1002) == byGuest);
    check(bytes.get(JAVA_BYTE, 0x1003) == byJava);
    check(access.load.applyAsInt(0x1002) == byGuest);
    check(access.load.applyAsInt(0x1003) == byJava);
  }

  private static void grow(Access access, int toMaximum) {
    access.memory.grow(toMaximum);
    int size = 2 + toMaximum;
    int end = size << 16;
    check(access.memory.size() == size);
    check(access.memory.byteSize() == end);

    int lastPage = end - (1 << 16);
    check(access.load.applyAsInt(lastPage) == 0);
    access.store.store(lastPage, 0);
    checkTraps(() -> access.load.applyAsInt(end));
    checkTraps(() -> access.store.store(end, 0));

    try {
      access.memory.grow(1);
      check(false);
    } catch (EngineException expected) {
      access.memory.grow(0);
    }
  }

  private static void check(boolean success) {
    if (!success) {
      throw new IllegalStateException("expected success");
    }
  }

  private static void checkTraps(Runnable call) {
    try {
      call.run();
    } catch (TrapException expected) {
      return;
    }
    throw new IllegalStateException("expected a trap");
  }
}
