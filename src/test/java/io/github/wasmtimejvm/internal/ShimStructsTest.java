package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.loader.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The two places that say where the fields of the shim's structs lie. */
class ShimStructsTest {
  @Test
  void javaKnowsWhereTheFieldsOfTheShimsStructsLie() throws Throwable {
    assertThat(ofJava()).isEqualTo(ofTheShim()).containsKeys("store.context", "java.size");
  }

  private static Map<String, Long> ofJava() throws IllegalAccessException {
    Map<String, Long> offsets = new TreeMap<>();
    for (Class<?> struct : ShimStructs.class.getDeclaredClasses()) {
      for (Field field : struct.getDeclaredFields()) {
        String name = struct.getSimpleName() + "." + field.getName();
        offsets.put(name.toLowerCase(Locale.ROOT), field.getLong(null));
      }
    }
    return offsets;
  }

  private static Map<String, Long> ofTheShim() throws Throwable {
    MethodHandle layout =
        Linker.nativeLinker()
            .downcallHandle(
                NativeLibrary.shim().find("wjvm_layout").orElseThrow(),
                FunctionDescriptor.of(ADDRESS, JAVA_LONG, ADDRESS));
    Map<String, Long> offsets = new TreeMap<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment offset = arena.allocate(JAVA_LONG);
      for (long i = 0; ; i++) {
        MemorySegment name = (MemorySegment) layout.invokeExact(i, offset);
        if (name.address() == 0) {
          return offsets;
        }
        offsets.put(name.reinterpret(100).getString(0), offset.get(JAVA_LONG, 0));
      }
    }
  }
}
