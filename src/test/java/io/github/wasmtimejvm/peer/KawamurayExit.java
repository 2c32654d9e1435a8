package io.github.wasmtimejvm.peer;

import io.github.kawamuray.wasmtime.Engine;
import io.github.kawamuray.wasmtime.Extern;
import io.github.kawamuray.wasmtime.Func;
import io.github.kawamuray.wasmtime.Linker;
import io.github.kawamuray.wasmtime.Module;
import io.github.kawamuray.wasmtime.Store;
import io.github.kawamuray.wasmtime.wasi.WasiCtx;
import io.github.kawamuray.wasmtime.wasi.WasiCtxBuilder;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs {@code _start} of a WASI module with kawamuray's binding, as its own examples do, and prints
 * how the call ended: {@code returned}, or the exception's class and then its message.
 *
 * <p>In a JVM of its own: both bindings bring a Wasmtime, each with signal handlers for the whole
 * process.
 */
final class KawamurayExit {
  private KawamurayExit() {}

  public static void main(String[] args) {
    Path guest = Path.of(args[0]);
    WasiCtx wasi =
        new WasiCtxBuilder()
            .inheritStdio()
            .args(List.of(guest.getFileName().toString(), args[1]))
            .build();
    try (Store<Void> store = Store.withoutData(wasi);
        Engine engine = store.engine();
        Linker linker = new Linker(engine);
        Module module = Module.fromFile(engine, guest.toString())) {
      WasiCtx.addToLinker(linker);
      linker.module(store, "", module);
      try (Func start = linker.get(store, "", "_start").map(Extern::func).orElseThrow()) {
        start.call(store);
        System.out.println("returned");
      } catch (RuntimeException e) {
        System.out.println(e.getClass().getName());
        System.out.println(e.getMessage());
      }
    }
  }
}
