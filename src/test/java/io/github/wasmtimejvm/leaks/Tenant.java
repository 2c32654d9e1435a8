package io.github.wasmtimejvm.leaks;

import static io.github.wasmtimejvm.ValType.I32;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.Tag;
import io.github.wasmtimejvm.TagType;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntUnaryOperator;

/**
 * One user of the library among several in a JVM: its class loader has the library's classes for
 * itself. What others may call is of the JDK's types.
 */
public final class Tenant implements AutoCloseable, IntUnaryOperator {
  private static final String READS =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\20\\00\\00\\00\\10\\00\\00\\00")
        (func (export "_start")
          (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

  private static final String GUEST =
      """
      (module
        (import "host" "f" (func $f (param i32) (result i32)))
        (import "host" "tag" (tag $tag (param i32)))
        (table $kept 1000 externref)
        (func (export "f") (param i32) (result i32) (call $f (local.get 0)))
        (func (export "throw") (param i32) (throw $tag (local.get 0)))
        (func (export "set") (param i32 externref)
          (table.set $kept (local.get 0) (local.get 1)))
        (func (export "get") (param i32) (result externref) (table.get $kept (local.get 0)))
        (func (export "loop") (loop $l (br $l))))
      """;

  /** An exception that only this class loader knows. */
  private static final class Mine extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final int factor;
  private final IntUnaryOperator next;
  private final Engine engine = Engine.builder().interruptible(true).build();
  private final Store store = Store.create(engine);
  private final Instance guest;

  /**
   * @param factor what the host function multiplies by
   * @param next what it calls for numbers from 1000 on, less 2000; or null
   */
  public Tenant(Integer factor, IntUnaryOperator next) {
    this.factor = factor;
    this.next = next;
    try (Linker linker = Linker.create(engine);
        Module module = Module.fromWat(engine, GUEST)) {
      linker.define(
          "host", "f", FuncType.of(I32).returns(I32), (caller, args) -> host((int) args[0]));
      linker.define("host", "tag", Tag.create(store, new TagType(FuncType.of(I32))));
      guest = linker.instantiate(store, module);
    }
  }

  private int host(int number) {
    if (number < 0) {
      throw new Mine();
    }
    return number < 1000 ? number * factor : next.applyAsInt(number - 2000);
  }

  /** Calls the guest, which calls the host function. */
  @Override
  public int applyAsInt(int number) {
    return (int) guest.func("f").call(number);
  }

  /** Uses everything that finds its way back into Java, and checks where it arrives. */
  public void check() {
    same(applyAsInt(3), 3 * factor);
    try {
      applyAsInt(-1);
      throw new AssertionError("nothing was thrown");
    } catch (Mine mine) {
      same(mine.getClass().getClassLoader(), Tenant.class.getClassLoader());
    }
    try {
      guest.func("throw").call(factor);
      throw new AssertionError("nothing was thrown");
    } catch (GuestException e) {
      same(e.payload().getFirst(), factor);
    }
    try {
      store.within(Duration.ofMillis(20), () -> guest.func("loop").call());
    } catch (StoppedException e) {
      same(e.reason(), StoppedException.Reason.TIMEOUT);
    }
    Thread.currentThread().interrupt();
    try {
      guest.func("loop").call();
    } catch (StoppedException e) {
      same(e.reason(), StoppedException.Reason.INTERRUPT);
    }
    same(Thread.interrupted(), true);
  }

  /** Uses what the JDK may keep our classes by: generated code, caches, loggers, threads. */
  public void useMore(Path folder) throws Throwable {
    Func f = guest.func("f");
    same((int) f.handle().invoke(3), 3 * factor);
    same(f.as(IntUnaryOperator.class).applyAsInt(3), 3 * factor);
    same(f.as(Ints.class).f(3), 3 * factor);
    same(f.as(MethodHandles.lookup(), Hidden.class).f(3), 3 * factor);
    same(Func.create(store, IntUnaryOperator.class, i -> i + 1).call(3), 4);
    store.onEpochDeadline(
        same -> {
          same.onEpochDeadline(_ -> 1);
          return 1;
        });
    store.setEpochDeadline(0);
    same(applyAsInt(3), 3 * factor);
    byte[] wasm = Module.wat2wasm(READS);
    ModuleCache cache = ModuleCache.open(folder, 1 << 20);
    cache.module(engine, wasm).close();
    try (Module program = cache.module(engine, wasm)) {
      InputStream input = new ByteArrayInputStream(new byte[1]);
      same(WasiProgram.of(program).run(WasiConfig.builder().stdin(input).build()).code(), 0);
    }
  }

  /** Leaves a thread behind that waits for input; the guest that was to have it is interrupted. */
  public void waitForInput() throws InterruptedException {
    Thread guestThread = Thread.currentThread();
    Thread interrupts =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!isInputAwaited()) {
                    Thread.yield();
                  }
                  guestThread.interrupt();
                });
    try (Module program = Module.fromWat(engine, READS);
        Linker linker = Linker.create(engine);
        Store waiting = Store.create(engine)) {
      linker.defineWasi();
      WasiConfig.builder().inheritStdin().build().applyTo(waiting);
      linker.instantiate(waiting, program).func("_start").call();
      throw new AssertionError("nothing was thrown");
    } catch (StoppedException e) {
      same(e.reason(), StoppedException.Reason.INTERRUPT);
    }
    same(Thread.interrupted(), true);
    interrupts.join();
  }

  private static boolean isInputAwaited() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("wasmtime-jvm-stdin"));
  }

  /** An interface of this class loader's. */
  public interface Ints {
    int f(int number);
  }

  private interface Hidden {
    int f(int number);
  }

  /** Gives the guest as many Java objects to keep; returns how many this class loader has given. */
  public int keep(int count) {
    for (int i = 0; i < count; i++) {
      guest.func("set").call(i, new Mine());
    }
    for (int i = 0; i < count; i++) {
      same(guest.func("get").call(i).getClass(), Mine.class);
    }
    return registered();
  }

  /** How many Java objects the engine holds for this class loader. */
  public int registered() {
    Handles.drain();
    return Handles.registered();
  }

  private static void same(Object actual, Object expected) {
    if (!expected.equals(actual)) {
      throw new AssertionError(actual + " instead of " + expected);
    }
  }

  @Override
  public void close() {
    store.close();
    engine.close();
  }
}
