package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Enums. */
final class EnumCodec extends Codec {
  private final NamesShape shape;
  private final NativeNames names;
  private final Layout.Cases layout;

  EnumCodec(NamesShape shape, List<String> names) {
    this.shape = shape;
    this.names = new NativeNames(names);
    this.layout = Layout.Cases.of(Collections.nCopies(names.size(), null));
  }

  @Override
  Class<?> javaType() {
    return shape.javaType();
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    space.name(at + OF, names.get(shape.indexOf(value)));
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_ENUM);
  }

  @Override
  Object lift(long at, ComponentStore store) {
    return shape.at(names.indexAt(at + OF));
  }

  @Override
  Layout layout() {
    return layout;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    Layout.putUnsigned(at, layout.discriminant(), shape.indexOf(value));
  }

  @Override
  Object load(long at, DirectMemory memory) {
    return shape.at(memory.discriminant(at, layout.discriminant(), names.size()));
  }
}
