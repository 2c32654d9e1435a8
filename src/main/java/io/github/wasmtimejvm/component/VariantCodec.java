package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Variants. */
final class VariantCodec extends Codec {
  private static final long PAYLOAD = OF + 16; // behind the name of the case

  private final VariantShape shape;
  private final List<String> names;
  private final NativeNames nativeNames;
  private final @Nullable Codec[] payloads; // null where a case has none
  private final Layout.Cases layout;

  VariantCodec(VariantShape shape, List<String> names, @Nullable Codec[] payloads) {
    this.shape = shape;
    this.names = names;
    this.nativeNames = new NativeNames(names);
    this.payloads = payloads;
    @Nullable Layout[] layouts = new Layout[payloads.length];
    for (int i = 0; i < layouts.length; i++) {
      Codec payload = payloads[i];
      layouts[i] = payload == null ? null : payload.layout();
    }
    this.layout = Layout.Cases.of(Arrays.asList(layouts));
  }

  @Override
  Class<?> javaType() {
    return shape.javaType();
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    int index = shape.caseOf(value);
    space.name(at + OF, nativeNames.get(index));
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_VARIANT);
    Codec payload = payloads[index];
    if (payload != null) {
      long box = space.box(at + PAYLOAD);
      try {
        payload.lower(shape.payload(Objects.requireNonNull(value), index), box, space);
      } catch (MisfitException e) {
        throw e.within("case " + names.get(index));
      }
    }
  }

  @Override
  Object lift(long at, ComponentStore store) {
    int index = nativeNames.indexAt(at + OF);
    Codec payload = payloads[index];
    return shape.make(index, payload == null ? null : payload.lift(getLong(at + PAYLOAD), store));
  }

  @Override
  Layout layout() {
    return layout;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    int index = shape.caseOf(value);
    Layout.putUnsigned(at, layout.discriminant(), index);
    Codec payload = payloads[index];
    if (payload != null) {
      try {
        payload.store(
            shape.payload(Objects.requireNonNull(value), index), at + layout.payload(), out);
      } catch (MisfitException e) {
        throw e.within("case " + names.get(index));
      }
    }
  }

  @Override
  Object load(long at, DirectMemory memory) {
    int index = memory.discriminant(at, layout.discriminant(), payloads.length);
    Codec payload = payloads[index];
    return shape.make(index, payload == null ? null : payload.load(at + layout.payload(), memory));
  }
}
