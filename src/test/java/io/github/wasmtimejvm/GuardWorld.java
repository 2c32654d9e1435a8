package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;

import io.github.wasmtimejvm.testing.Guests;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An engine, and all that a case may want of it; {@code other} is a second store of it. */
final class GuardWorld implements AutoCloseable {
  static final String WASI = "wasi_snapshot_preview1";
  static final FuncType FD_WRITE = FuncType.of(I32, I32, I32, I32).returns(I32);
  static final List<String> KINDS = List.of("func", "memory", "table", "global", "tag");
  static final String CALLS_HOST =
      """
      (module
        (import "host" "f" (func $f))
        (func (export "run") (result i32) (call $f) (i32.const 1)))
      """;

  final Engine engine;
  final Module module;
  final Linker linker;
  final Store store;
  final Instance instance;
  final GuardWorld other;
  private @Nullable GuardWorld stranger;
  private @Nullable Module wasi;

  GuardWorld() {
    this(Engine.create(), null);
  }

  private GuardWorld(Engine engine, @Nullable Module module) {
    this.engine = engine;
    this.module =
        module != null ? module : Guests.compile(engine, GuardWorld.class, "every-kind.wat");
    this.linker = Linker.create(engine);
    this.store = Store.create(engine);
    this.instance = Instance.create(store, this.module);
    this.other = module != null ? this : new GuardWorld(engine, this.module);
  }

  /** A world of another engine. */
  GuardWorld stranger() {
    if (stranger == null) {
      stranger = new GuardWorld();
    }
    return stranger;
  }

  /** A guest that calls WASI: {@code run} writes nothing to standard output. */
  Module wasi() {
    if (wasi == null) {
      wasi =
          Module.fromWat(
              engine,
              """
              (module
                (import "wasi_snapshot_preview1" "fd_write"
                  (func $fd_write (param i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (func (export "run") (result i32)
                  (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0))))
              """);
    }
    return wasi;
  }

  Extern export(String kind) {
    return instance.export(kind).orElseThrow(() -> new NoSuchElementException(kind));
  }

  /** A guest that imports {@code a.kind}, as our own guest exports it. */
  static String importing(String kind) {
    String type =
        switch (kind) {
          case "func" -> "(func (param funcref) (result funcref))";
          case "memory" -> "(memory 1 10)";
          case "table" -> "(table 1 10 funcref)";
          case "global" -> "(global (mut i32))";
          default -> "(tag (param i32))";
        };
    return "(module (import \"a\" \"" + kind + "\" " + type + "))";
  }

  @Override
  public void close() {
    if (other != this) {
      other.close();
      engine.close();
    }
    if (stranger != null) {
      stranger.close();
    }
    module.close();
    linker.close();
    store.close();
  }
}
