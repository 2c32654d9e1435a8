package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Strings. One with half of a surrogate pair is refused: UTF-8 has no bytes for that. */
final class StringCodec extends Codec {
  static final StringCodec INSTANCE = new StringCodec();

  private StringCodec() {}

  @Override
  Class<?> javaType() {
    return String.class;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    if (!(value instanceof String text)) {
      throw MisfitException.expected("a String", value);
    }
    byte[] utf8;
    try {
      utf8 = NativeVector.utf8(text);
    } catch (IllegalArgumentException e) {
      throw new MisfitException(String.valueOf(e.getMessage()));
    }
    space.text(at + OF, utf8);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_STRING);
  }

  @Override
  String lift(long at, ComponentStore store) {
    return NativeVector.text(MemorySegment.ofAddress(at + OF));
  }

  @Override
  Layout layout() {
    return Layout.Pointer.INSTANCE;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    if (!(value instanceof String text)) {
      throw MisfitException.expected("a String", value);
    }
    out.text(at, text);
  }

  @Override
  String load(long at, DirectMemory memory) {
    return memory.text(at);
  }
}
