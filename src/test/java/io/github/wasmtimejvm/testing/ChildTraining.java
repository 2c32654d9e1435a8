package io.github.wasmtimejvm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.jar.JarFile;

/** What most child JVMs do: the classes that this loads are those in {@link ChildArchive}. */
final class ChildTraining {
  private static final String GUEST =
      """
      (module
        (import "host" "f" (func $host (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (table (export "table") 1 funcref)
        (global (export "global") (mut i32) (i32.const 0))
        (func (export "call") (param i32) (result i32) (call $host (local.get 0)))
        (func (export "trap") unreachable)
        (func (export "exit") (call $exit (i32.const 3))))
      """;

  private ChildTraining() {}

  /** Arguments: jars, all of whose classes are loaded too. */
  public static void main(String[] args) throws Exception {
    try (Engine engine = Engine.builder().interruptible(true).build();
        Module module = Module.fromWat(engine, GUEST);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      linker.define(
          "host",
          "f",
          FuncType.of(ValType.I32).returns(ValType.I32),
          (caller, values) -> values[0]);
      WasiConfig.builder().args("a").stdin(System.in).stdout(System.out).build().applyTo(store);
      Instance instance = linker.instantiate(store, module);
      Func call = instance.func("call");
      assertThat(call.call(1)).isEqualTo(1);
      assertThat(call.as(IntUnaryOperator.class).applyAsInt(2)).isEqualTo(2);
      assertThatExceptionOfType(TrapException.class).isThrownBy(() -> instance.func("trap").call());
      assertThat(ExitStatus.of(() -> instance.func("exit").call())).isEqualTo(new ExitStatus(3));
      assertThat(instance.export("memory").orElseThrow()).isInstanceOf(Memory.class);
      assertThat(List.of("what AssertJ loads for lists")).hasSize(1).allMatch(text -> true);
    }
    for (String jar : args) {
      load(Path.of(jar));
    }
  }

  private static void load(Path jar) throws Exception {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (String entry : file.stream().map(found -> found.getName()).toList()) {
        String name = entry.replace('/', '.').replaceFirst("\\.class$", "");
        if (entry.endsWith(".class") && !name.endsWith("-info")) {
          try {
            Class.forName(name, false, ChildTraining.class.getClassLoader());
          } catch (LinkageError e) {
            // It needs what is not there for the tests, such as JMH for the benchmarks.
          }
        }
      }
    }
  }
}
