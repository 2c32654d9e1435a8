import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Runs Python programs in CPython that was compiled to WebAssembly, and prints the exit status of
 * each: a program that succeeded has the status 0, whether it returned or called {@code exit(0)}.
 *
 * <pre>{@code
 * java --enable-native-access=ALL-UNNAMED -cp JARS HelloPython.java python.wasm [PROGRAM...]
 * }</pre>
 */
final class HelloPython {
  private static final List<String> PROGRAMS =
      List.of(
          "print('hello')",
          "import sys; sys.exit(0)",
          "import sys; sys.exit(3)",
          "raise RuntimeError('nobody catches this')");

  public static void main(String[] args) throws Exception {
    Path python = Path.of(args[0]);
    List<String> programs =
        args.length == 1 ? PROGRAMS : Arrays.asList(args).subList(1, args.length);
    // Compiling CPython takes some seconds, so what is compiled stays in the user's cache.
    ModuleCache cache = ModuleCache.open();
    try (Engine engine = Engine.create();
        Module module = cache.module(engine, Files.readAllBytes(python))) {
      ExitStatus status = ExitStatus.SUCCESS;
      for (String program : programs) {
        status = run(module, program);
        System.out.println(program + " -> exit status " + status.code());
      }
      if (programs.size() == 1) {
        System.exit(status.code()); // the script's status is ours
      }
    }
  }

  private static ExitStatus run(Module python, String program) {
    WasiConfig config = WasiConfig.builder().args("python", "-c", program).inheritStdio().build();
    return WasiProgram.of(python).run(config);
  }
}
