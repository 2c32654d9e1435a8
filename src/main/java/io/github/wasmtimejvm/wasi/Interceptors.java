package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.internal.StandardDescriptors;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Those parts of a configuration that Java does, by intercepting functions of WASI. */
final class Interceptors {
  private final WasiConfig config;
  private final boolean interruptible;
  private final Map<String, List<WasiFunction>> functions = new HashMap<>();
  private final Descriptors descriptors = new Descriptors();
  private final List<Output> outputs = new ArrayList<>();
  private @Nullable InputStream opened;

  Interceptors(WasiConfig config, boolean interruptible) {
    this.config = config;
    this.interruptible = interruptible;
    // The user's functions intercept the calls before ours do.
    config.interceptors.forEach(each -> add(each.name(), each.function()));
    Input stdin = input(config.stdin);
    Output stdout = output(config.stdout);
    Output stderr = output(config.stderr);
    if (stdin != null) {
      descriptors.put(0, stdin);
      add("fd_read", call -> Input.read(call, descriptors, interruptible));
    }
    if (stdout != null) {
      descriptors.put(1, stdout);
    }
    if (stderr != null) {
      descriptors.put(2, stderr);
    }
    if (stdout != null || stderr != null) {
      add("fd_write", call -> Output.write(call, descriptors, interruptible));
    }
    if (stdin != null || stdout != null || stderr != null) {
      add("fd_close", descriptors::close);
      add("fd_renumber", descriptors::renumber);
    }
    if (config.maxOpenFiles != null) {
      OpenFiles files = new OpenFiles(config.maxOpenFiles);
      add("path_open", files::open);
      add("fd_close", files::close);
      add("fd_renumber", files::renumber);
    }
    WasiClock clock = config.clock;
    if (clock != null) {
      add("clock_time_get", call -> Clocks.time(call, clock));
      add("clock_res_get", call -> Clocks.resolution(call, clock));
    }
    if (clock != null || stdin != null || interruptible) {
      add("poll_oneoff", call -> Poll.oneoff(call, descriptors, clock, interruptible));
    }
    if (config.random != null) {
      add("random_get", call -> Randomness.get(call, config.random, interruptible));
    }
  }

  private void add(String name, WasiFunction function) {
    functions.computeIfAbsent(name, _ -> new ArrayList<>()).add(function);
  }

  // Where guests can be stopped, they must not wait inside the engine. A closed standard input is
  // the engine's empty one.
  private @Nullable Input input(Stdio stdin) {
    return switch (stdin) {
      case Stdio.OfInput(Input input) -> input;
      case Stdio.Inherited _
          when interruptible && StandardDescriptors.isOpen(StandardDescriptors.STDIN) ->
          Input.INHERITED;
      case Stdio.OfFile(String file) when interruptible -> new Input(open(file));
      default -> null;
    };
  }

  // What the engine has opened, too, and would have refused; it may be gone meanwhile.
  private InputStream open(String file) {
    try {
      opened = new FileInputStream(file);
      return opened;
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be used as standard input: " + file, e);
    }
  }

  private @Nullable Output output(Stdio stdio) {
    Output output =
        switch (stdio) {
          case Stdio.OfOutput(var stream) -> new Output(stream);
          case Stdio.OfLines(var lines) -> new Output(new LineOutput(lines));
          default -> null;
        };
    if (output != null) {
      outputs.add(output);
    }
    return output;
  }

  /** Returns what a store keeps of the configuration. */
  WasiStore in(Store store) {
    EngineWasi engineWasi = functions.isEmpty() ? null : EngineWasi.of(store.engine());
    return new WasiStore(functions, engineWasi, config, this::end);
  }

  private void end() {
    Throwable thrown = null;
    for (Output output : outputs) {
      try {
        output.end();
      } catch (Throwable t) {
        thrown = first(thrown, t);
      }
    }
    abandon();
    switch (thrown) {
      case null -> {}
      case Error error -> throw error;
      default -> throw new OutputException(thrown);
    }
  }

  /** Closes what was opened here, where no store takes it, or none has it any more. */
  void abandon() {
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        // Nothing that was read is lost.
      }
    }
  }

  private static Throwable first(@Nullable Throwable before, Throwable now) {
    if (before == null) {
      return now;
    }
    before.addSuppressed(now);
    return before;
  }
}
