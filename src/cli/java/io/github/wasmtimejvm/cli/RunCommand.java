package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        GuestFile guest = GuestFile.load(engine, options.file(), options.allowPrecompiled());
        Store store = Store.create(engine)) {
      if (options.wasi().isOn()) {
        wasi.applyTo(store);
      }
      options.guest().applyTo(store);
      Duration timeout = options.guest().timeout();
      if (timeout == null) {
        run(store, guest);
      } else {
        store.<@Nullable Void, Exception>within(
            timeout,
            () -> {
              run(store, guest);
              return null;
            });
      }
    }
  }

  private void run(Store store, GuestFile guest) throws UsageException, GuestFailure, IOException {
    switch (guest) {
      case GuestFile.OfModule(Module module) -> ModuleRun.run(options, store, module);
      case GuestFile.OfComponent(Component component) ->
          ComponentRun.run(options, store, component);
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
}
