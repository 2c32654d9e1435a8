package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** {@code run}: one program, from its file to its end. */
final class RunCommand {
  private final RunOptions options;

  private RunCommand(RunOptions options) {
    this.options = options;
  }

  /** Returns when the program returns. */
  static void run(RunOptions options) throws Exception {
    FutureTask<@Nullable Void> program =
        new FutureTask<>(
            () -> {
              new RunCommand(options).run();
              return null;
            });
    // The thread that we are on may have less stack than the guest is allowed.
    Thread.ofPlatform().name("guest").stackSize(options.guest().stackSize()).start(program);
    try {
      program.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }

  private void run() throws Exception {
    WasiConfig wasi = wasi();
    try (Engine engine = options.guest().engine();
        Module module = ModuleFile.load(engine, options.file(), options.allowPrecompiled());
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      if (options.wasi().isOn()) {
        linker.defineWasi();
        wasi.applyTo(store);
      }
      options.guest().applyTo(store);
      options.guest().applyTo(linker, store, module);
      Duration timeout = options.guest().timeout();
      if (timeout == null) {
        run(linker, store, module);
      } else {
        store.<@Nullable Void, Exception>within(
            timeout,
            () -> {
              run(linker, store, module);
              return null;
            });
      }
    }
  }

  private void run(Linker linker, Store store, Module module) throws GuestFailure, IOException {
    Instance instance =
        during(
            "failed to instantiate \"" + options.file() + "\"",
            () -> linker.instantiate(store, module));
    // A reactor, which has functions to call but no _start, gets ready in this one.
    Func initialize = func(instance, "_initialize");
    if (initialize != null) {
      if (!initialize.type().params().isEmpty()) {
        throw new IOException(options.file() + " exports an _initialize that wants arguments");
      }
      during(null, () -> initialize.call());
    }
    Func entry = entry(instance);
    if (entry != null) {
      call(entry);
    }
  }

  private WasiConfig wasi() throws IOException {
    WasiConfig.Builder wasi = WasiConfig.builder();
    options.wasi().applyTo(wasi); // what it inherits is replaced by what the other options say
    Path name = Path.of(options.file()).getFileName();
    wasi.args(options.argv0() != null ? options.argv0() : name == null ? "" : name.toString());
    wasi.args(options.args());
    options.environment().forEach(wasi::env);
    for (RunOptions.Directory directory : options.directories()) {
      Path host = Path.of(directory.host());
      // The current directory has no empty name outside Java.
      if (directory.host().isEmpty() || !Files.isDirectory(host)) {
        throw new IOException("there is no directory \"" + directory.host() + "\"");
      }
      wasi.writableDirectory(host, directory.guest());
    }
    return wasi.build();
  }

  /** The function to call; {@code null} for a module that has none to start with. */
  private @Nullable Func entry(Instance instance) throws IOException {
    String invoke = options.invoke();
    if (invoke == null) {
      // Modules that follow an older convention have their entry under no name.
      Func unnamed = func(instance, "");
      return unnamed != null ? unnamed : func(instance, "_start");
    }
    Func function = func(instance, invoke);
    if (function == null) {
      throw new IOException(options.file() + " exports no function \"" + invoke + "\"");
    }
    return function;
  }

  private static @Nullable Func func(Instance instance, String name) {
    @Nullable Extern export = instance.export(name).orElse(null);
    return export instanceof Func function ? function : null;
  }

  private void call(Func function) throws GuestFailure {
    FuncType type = function.type();
    Object[] arguments = arguments(type.params());
    String invoke = options.invoke();
    @Nullable Object returned =
        during(
            invoke == null
                ? "failed to invoke command default"
                : "failed to invoke `" + invoke + "`",
            () -> function.call(arguments));
    List<ValType> types = type.results();
    @Nullable Object[] results =
        types.size() > 1 ? (@Nullable Object[]) returned : new @Nullable Object[] {returned};
    for (int i = 0; i < types.size(); i++) {
      System.out.print(TextValues.format(types.get(i), results[i]) + "\n");
    }
  }

  // More arguments than parameters are none of the function's: they may be for the program.
  private Object[] arguments(List<ValType> types) {
    List<String> texts = options.args();
    if (texts.size() < types.size()) {
      throw new IllegalArgumentException(
          "the function takes %s arguments, %s given".formatted(types.size(), texts.size()));
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(TextValues.parse(types.get(i), texts.get(i)));
    }
    return values.toArray();
  }

  /** A piece of the guest's run. */
  private interface Step<T extends @Nullable Object> {
    T run();
  }

  private <T extends @Nullable Object> T during(@Nullable String name, Step<T> step)
      throws GuestFailure {
    try {
      return step.run();
    } catch (ExitException e) {
      throw e;
    } catch (WasmtimeException e) {
      throw new GuestFailure(options.file(), name, e);
    }
  }
}
