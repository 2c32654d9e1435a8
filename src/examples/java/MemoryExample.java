import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import java.lang.foreign.MemorySegment;

/**
 * Reads, writes and grows a guest's memory: the twin of {@code examples/memory.c}.
 *
 * <p>For {@code wasmtime_memory_size}, {@code wasmtime_memory_data_size}, {@code
 * wasmtime_memory_data}, {@code wasmtime_memory_grow} and {@code wasmtime_memory_new}.
 */
public final class MemoryExample {
  private static final String GUEST =
      """
      (module
        (memory (export "memory") 2 3)
        (data (i32.const 0x1000) "\\01\\02\\03\\04")
        (func (export "size") (result i32)
          memory.size)
        (func (export "load") (param $address i32) (result i32)
          (i32.load8_s (local.get $address)))
        (func (export "store") (param $address i32) (param $value i32)
          (i32.store8 (local.get $address) (local.get $value))))
      """;

  /** What the guest exports. */
  public interface Guest {
    /** Its memory. */
    Memory memory();

    /** Returns the size in pages, as the guest sees it. */
    int size();

    /** Reads a byte. */
    int load(int address);

    /** Writes a byte. */
    void store(int address, int value);
  }

  public static void main(String[] args) {
    System.out.println("Initializing...");
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      System.out.println("Compiling module...");
      try (Module module = Module.fromWat(engine, GUEST)) {
        System.out.println("Instantiating module...");
        Instance instance = Instance.create(store, module);
        System.out.println("Extracting exports...");
        use(instance.as(Guest.class));
      }

      System.out.println("Creating stand-alone memory...");
      Memory alone = Memory.create(store, MemoryType.of(5, 5));
      check(alone.size() == 5);

      System.out.println("Shutting down...");
    }
    System.out.println("Done.");
  }

  private static void use(Guest guest) {
    Memory memory = guest.memory();

    System.out.println("Checking memory...");
    check(memory.size() == 2);
    check(memory.byteSize() == 0x20000);
    MemorySegment bytes = memory.segment();
    check(bytes.get(JAVA_BYTE, 0) == 0);
    check(bytes.get(JAVA_BYTE, 0x1000) == 1);
    check(bytes.get(JAVA_BYTE, 0x1003) == 4);

    check(guest.size() == 2);
    check(guest.load(0) == 0);
    check(guest.load(0x1000) == 1);
    check(guest.load(0x1003) == 4);
    check(guest.load(0x1ffff) == 0);
    checkTraps(() -> guest.load(0x20000));

    System.out.println("Mutating memory...");
    bytes.set(JAVA_BYTE, 0x1003, (byte) 5);
    guest.store(0x1002, 6);
    checkTraps(() -> guest.store(0x20000, 0));

    check(bytes.get(JAVA_BYTE, 0x1002) == 6);
    check(bytes.get(JAVA_BYTE, 0x1003) == 5);
    check(guest.load(0x1002) == 6);
    check(guest.load(0x1003) == 5);

    System.out.println("Growing memory...");
    memory.grow(1);
    check(memory.size() == 3);
    check(memory.byteSize() == 0x30000);
    check(memory.segment().byteSize() == 0x30000); // a segment keeps the size that it was taken at

    check(guest.load(0x20000) == 0);
    guest.store(0x20000, 0);
    checkTraps(() -> guest.load(0x30000));
    checkTraps(() -> guest.store(0x30000, 0));

    // The guest's maximum is three pages.
    try {
      memory.grow(1);
      check(false);
    } catch (EngineException expected) {
      memory.grow(0);
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
