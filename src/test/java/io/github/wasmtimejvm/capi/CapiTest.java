package io.github.wasmtimejvm.capi;

import static io.github.wasmtimejvm.capi.Wasm.*;
import static io.github.wasmtimejvm.capi.WasmtimeError.*;
import static io.github.wasmtimejvm.capi.WasmtimeExtern.*;
import static io.github.wasmtimejvm.capi.WasmtimeExternref.*;
import static io.github.wasmtimejvm.capi.WasmtimeFunc.*;
import static io.github.wasmtimejvm.capi.WasmtimeInstance.*;
import static io.github.wasmtimejvm.capi.WasmtimeModule.*;
import static io.github.wasmtimejvm.capi.WasmtimeStore.*;
import static io.github.wasmtimejvm.capi.WasmtimeVal.*;
import static io.github.wasmtimejvm.capi.WasmtimeWat.*;
import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.loader.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The C API line by line, as an embedder who comes from C would use it. */
class CapiTest {
  private static final long I32 = wasmtime_val_t.of$OFFSET + wasmtime_valunion_t.i32$OFFSET;

  private final Arena arena = Arena.ofAuto();

  @Test
  void everyBoundFunctionIsInTheLibrary() throws Exception {
    List<String> functions =
        GeneratedClasses.nested()
            .filter(type -> Modifier.isPrivate(type.getModifiers()))
            .map(Class::getSimpleName)
            .toList();

    assertThat(functions).hasSize(593).doesNotHaveDuplicates();
    assertThat(functions).allMatch(name -> NativeLibrary.engine().find(name).isPresent());
  }

  @Test
  void callsAGuestAsCDoes() {
    MemorySegment engine = wasm_engine_new();
    MemorySegment store = wasmtime_store_new(engine, NULL, NULL);
    MemorySegment context = wasmtime_store_context(store);

    MemorySegment instance =
        instantiate(
            engine,
            context,
            """
            (module
              (func (export "add") (param i32 i32) (result i32)
                (i32.add (local.get 0) (local.get 1))))
            """);
    MemorySegment add = export(context, instance, "add");

    MemorySegment args = arena.allocate(wasmtime_val_t.LAYOUT, 2);
    args.set(JAVA_BYTE, wasmtime_val_t.kind$OFFSET, WASMTIME_I32);
    args.set(JAVA_INT, I32, 40);
    args.set(JAVA_BYTE, wasmtime_val_t.SIZEOF + wasmtime_val_t.kind$OFFSET, WASMTIME_I32);
    args.set(JAVA_INT, wasmtime_val_t.SIZEOF + I32, 2);
    MemorySegment results = arena.allocate(wasmtime_val_t.LAYOUT);
    MemorySegment trap = arena.allocate(ADDRESS);
    check(wasmtime_func_call(context, add, args, 2, results, 1, trap));

    assertThat(trap.get(ADDRESS, 0)).isEqualTo(NULL);
    assertThat(results.get(JAVA_BYTE, wasmtime_val_t.kind$OFFSET)).isEqualTo(WASMTIME_I32);
    assertThat(results.get(JAVA_INT, I32)).isEqualTo(42);

    wasmtime_store_delete(store);
    wasm_engine_delete(engine);
  }

  @Test
  void aGuestCallsAMethodHandle() throws Exception {
    MemorySegment engine = wasm_engine_new();
    MemorySegment store = wasmtime_store_new(engine, NULL, NULL);
    MemorySegment context = wasmtime_store_context(store);

    MemorySegment callback =
        wasmtime_func_unchecked_callback_t.allocate(
            MethodHandles.lookup()
                .findStatic(
                    CapiTest.class,
                    "answer",
                    MethodType.methodType(
                        MemorySegment.class,
                        MemorySegment.class,
                        MemorySegment.class,
                        MemorySegment.class,
                        long.class)),
            arena);
    MemorySegment type = wasm_functype_new_0_1(wasm_valtype_new_i32());
    MemorySegment func = arena.allocate(wasmtime_func_t.LAYOUT);
    wasmtime_func_new_unchecked(context, type, callback, NULL, NULL, func);
    wasm_functype_delete(type);

    MemorySegment raw = arena.allocate(wasmtime_val_raw_t.LAYOUT);
    MemorySegment trap = arena.allocate(ADDRESS);
    check(wasmtime_func_call_unchecked(context, func, raw, 1, trap));
    assertThat(raw.get(JAVA_INT, wasmtime_val_raw_t.i32$OFFSET)).isEqualTo(42);

    wasmtime_store_delete(store);
    wasm_engine_delete(engine);
  }

  @SuppressWarnings("unused") // called by the guest
  private static MemorySegment answer(
      MemorySegment env, MemorySegment caller, MemorySegment values, long count) {
    values
        .reinterpret(count * wasmtime_val_raw_t.SIZEOF)
        .set(JAVA_INT, wasmtime_val_raw_t.i32$OFFSET, 42);
    return NULL;
  }

  @Test
  void theHeadersInlineFunctionsAreThere() {
    MemorySegment name = arena.allocate(wasm_byte_vec_t.LAYOUT);
    wasm_name_new_from_string(name, arena.allocateFrom("wasm"));
    assertThat(name.get(JAVA_LONG, wasm_byte_vec_t.size$OFFSET)).isEqualTo(4);
    wasm_name_delete(name);

    assertThat(wasm_valkind_is_num(WASM_F64)).isTrue();
    assertThat(wasm_valkind_is_ref(WASM_EXTERNREF)).isTrue();

    MemorySegment type =
        wasm_functype_new_2_1(
            wasm_valtype_new_i32(), wasm_valtype_new_i64(), wasm_valtype_new_f64());
    MemorySegment results = wasm_functype_results(type).reinterpret(wasm_byte_vec_t.SIZEOF);
    assertThat(results.get(JAVA_LONG, wasm_valtype_vec_t.size$OFFSET)).isEqualTo(1);
    MemorySegment data =
        results.get(ADDRESS, wasm_valtype_vec_t.data$OFFSET).reinterpret(ADDRESS.byteSize());
    assertThat(wasm_valtype_kind(data.get(ADDRESS, 0))).isEqualTo(WASM_F64);
    wasm_functype_delete(type);

    MemorySegment ref = arena.allocate(wasmtime_externref_t.LAYOUT).fill((byte) 1);
    assertThat(wasmtime_externref_is_null(ref)).isFalse();
    wasmtime_externref_set_null(ref);
    assertThat(wasmtime_externref_is_null(ref)).isTrue();
  }

  @Test
  void argumentsThatJavaRefusesThrowWhatJavaThrows() {
    assertThatThrownBy(() -> wasm_byte_vec_delete(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> wasm_byte_vec_delete(MemorySegment.ofArray(new byte[16])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private MemorySegment instantiate(MemorySegment engine, MemorySegment context, String wat) {
    MemorySegment text = arena.allocateFrom(wat);
    MemorySegment wasm = arena.allocate(wasm_byte_vec_t.LAYOUT);
    check(wasmtime_wat2wasm(text, text.byteSize() - 1, wasm));

    MemorySegment module = arena.allocate(ADDRESS);
    check(
        wasmtime_module_new(
            engine,
            wasm.get(ADDRESS, wasm_byte_vec_t.data$OFFSET),
            wasm.get(JAVA_LONG, wasm_byte_vec_t.size$OFFSET),
            module));
    wasm_byte_vec_delete(wasm);

    MemorySegment instance = arena.allocate(wasmtime_instance_t.LAYOUT);
    MemorySegment trap = arena.allocate(ADDRESS);
    check(wasmtime_instance_new(context, module.get(ADDRESS, 0), NULL, 0, instance, trap));
    assertThat(trap.get(ADDRESS, 0)).isEqualTo(NULL);
    wasmtime_module_delete(module.get(ADDRESS, 0));
    return instance;
  }

  private MemorySegment export(MemorySegment context, MemorySegment instance, String name) {
    MemorySegment text = arena.allocateFrom(name);
    MemorySegment item = arena.allocate(wasmtime_extern_t.LAYOUT);
    assertThat(wasmtime_instance_export_get(context, instance, text, name.length(), item)).isTrue();
    assertThat(item.get(JAVA_BYTE, wasmtime_extern_t.kind$OFFSET)).isEqualTo(WASMTIME_EXTERN_FUNC);
    return item.asSlice(
        wasmtime_extern_t.of$OFFSET + wasmtime_extern_union_t.func$OFFSET, wasmtime_func_t.SIZEOF);
  }

  private void check(MemorySegment error) {
    if (!error.equals(NULL)) {
      MemorySegment message = arena.allocate(wasm_byte_vec_t.LAYOUT);
      wasmtime_error_message(error, message);
      wasmtime_error_delete(error);
      long size = message.get(JAVA_LONG, wasm_byte_vec_t.size$OFFSET);
      MemorySegment bytes = message.get(ADDRESS, wasm_byte_vec_t.data$OFFSET).reinterpret(size);
      throw new AssertionError(new String(bytes.toArray(JAVA_BYTE), StandardCharsets.UTF_8));
    }
  }
}
