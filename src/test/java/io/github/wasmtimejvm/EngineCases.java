package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeComponentComponent;
import io.github.wasmtimejvm.capi.WasmtimeComponentFunc;
import io.github.wasmtimejvm.capi.WasmtimeComponentInstance;
import io.github.wasmtimejvm.capi.WasmtimeComponentLinker;
import io.github.wasmtimejvm.settings.EngineSettings;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds engines and tries the guests of {@code features/} on them. Whatever the settings are, an
 * engine is refused or built, a guest refused or run, and one that runs gives the right result.
 */
final class EngineCases {
  static final List<String> GUESTS =
      List.of(
          "plain",
          "multi_value",
          "bulk_memory",
          "reference_types",
          "simd",
          "relaxed_simd",
          "threads",
          "shared",
          "tail_call",
          "function_references",
          "gc",
          "exceptions",
          "multi_memory",
          "memory64",
          "wide_arithmetic",
          "custom_page_sizes",
          "stack_switching");

  private static final Map<String, byte[]> WASM = new LinkedHashMap<>();

  private EngineCases() {}

  static byte[] wasm(String guest) {
    return WASM.computeIfAbsent(
        guest,
        name -> {
          try {
            return Module.wat2wasm(
                Files.readString(Guests.file(EngineCases.class, "features/" + name + ".wat")));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /**
   * Returns all that a builder tells the engine, as a text: of two builders with the same text, the
   * engines are the same.
   */
  static String written(EngineBuilder builder) {
    StringBuilder text = new StringBuilder();
    try {
      for (Field field : EngineSettings.class.getFields()) {
        // What features are on is asked for below, whether they were set or not.
        if (!Modifier.isStatic(field.getModifiers()) && !field.getName().equals("features")) {
          text.append(field.getName()).append('=').append(field.get(builder.settings)).append(' ');
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    for (WasmFeature feature : WasmFeature.values()) {
      text.append(feature).append('=').append(builder.settings.has(feature)).append(' ');
    }
    return text.toString();
  }

  /** Returns what happened: {@code refused}, or what {@link #run} says of each guest. */
  static String attempt(EngineBuilder builder, List<String> guests) {
    StringBuilder outcome = new StringBuilder();
    try (Engine engine = builder.build()) {
      for (String guest : guests) {
        outcome.append(' ').append(guest).append('=').append(run(engine, guest));
      }
      if (!guests.isEmpty()) {
        boolean maps = builder.settings.has(WasmFeature.COMPONENT_MODEL_MAP);
        String component = maps ? "component_map" : "component";
        outcome.append(' ').append(component).append('=').append(component(engine, component));
      }
      return outcome.toString();
    } catch (IllegalArgumentException | EngineException e) {
      return "refused: " + e.getMessage();
    }
  }

  /** Compiles and runs a guest; {@code ok}, or the kind of exception that refused it. */
  static String run(Engine engine, String guest) {
    Module module;
    try {
      module = Module.fromBytes(engine, wasm(guest));
    } catch (CompileException e) {
      return "invalid";
    }
    try (module;
        Store store = Store.create(engine)) {
      ready(store);
      Instance instance = Instance.create(store, module);
      Object result = instance.func("run").call();
      if (!result.equals(7)) {
        throw new AssertionError(guest + " gave " + result);
      }
      for (ExportType export : module.exports()) {
        trap(instance.func(export.name()), export.name());
      }
      return "ok";
    } catch (EngineException | TrapException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static void trap(Func func, String name) {
    try {
      switch (name) {
        case "run" -> {}
        case "grow" -> func.call(10);
        case "divide" -> {
          func.call(0);
          throw new AssertionError("no trap in " + name);
        }
        default -> {
          func.call();
          throw new AssertionError("no trap in " + name);
        }
      }
    } catch (TrapException expected) {
      // It traps.
    }
  }

  /** Gives a store the fuel that its engine asks for. */
  static void ready(Store store) {
    if (store.engine().consumesFuel()) {
      store.setFuel(1L << 40);
    }
  }

  /** Compiles and runs a component; {@code ok}, or what refused it. */
  static String component(Engine engine, String guest) {
    MemorySegment component;
    try {
      component = compile(engine, wasm(guest));
    } catch (CompileException e) {
      return "invalid";
    }
    MemorySegment nativeEngine = engine.object().lease();
    MemorySegment linker = WasmtimeComponentLinker.wasmtime_component_linker_new(nativeEngine);
    try (Store store = Store.create(engine)) {
      ready(store);
      return run(store, linker, component);
    } finally {
      WasmtimeComponentLinker.wasmtime_component_linker_delete(linker);
      WasmtimeComponentComponent.wasmtime_component_delete(component);
      engine.object().release();
    }
  }

  /** Returns a new {@code wasmtime_component_t}. */
  static MemorySegment compile(Engine engine, byte[] wasm) {
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, wasm);
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      Failures.checkCompile(
          WasmtimeComponentComponent.wasmtime_component_new(
              nativeEngine, bytes, bytes.byteSize(), out));
      return out.get(ValueLayout.ADDRESS, 0);
    } finally {
      engine.object().release();
    }
  }

  private static String run(Store store, MemorySegment linker, MemorySegment component) {
    MemorySegment context = store.state().context();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment instance = arena.allocate(16, 8);
      MemorySegment error =
          WasmtimeComponentLinker.wasmtime_component_linker_instantiate(
              linker, context, component, instance);
      if (error.address() != 0) {
        Failures.takeMessage(error);
        return "refused";
      }
      MemorySegment index =
          WasmtimeComponentInstance.wasmtime_component_instance_get_export_index(
              instance, context, MemorySegment.NULL, arena.allocateFrom("run"), "run".length());
      MemorySegment func = arena.allocate(64, 8);
      WasmtimeComponentInstance.wasmtime_component_instance_get_func(
          instance, context, index, func);
      WasmtimeComponentComponent.wasmtime_component_export_index_delete(index);
      MemorySegment result = arena.allocate(32, 8);
      error =
          WasmtimeComponentFunc.wasmtime_component_func_call(
              func, context, MemorySegment.NULL, 0, result, 1);
      if (error.address() != 0) {
        Failures.takeMessage(error);
        return "trap";
      }
      if (result.get(ValueLayout.JAVA_INT, 8) != 7) {
        throw new AssertionError("a component gave " + result.get(ValueLayout.JAVA_INT, 8));
      }
      return "ok";
    }
  }
}
