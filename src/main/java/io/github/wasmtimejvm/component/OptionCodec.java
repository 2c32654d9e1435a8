package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Options, as {@link Optional}; one of an option is an Optional of an Optional. */
final class OptionCodec extends Codec {
  private final Codec some;
  private final Layout.Cases layout;

  OptionCodec(Codec some) {
    this.some = some;
    this.layout = Layout.Cases.of(Arrays.asList(null, some.layout()));
  }

  @Override
  Class<?> javaType() {
    return Optional.class;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    if (!(value instanceof Optional<?> option)) {
      throw MisfitException.expected("an Optional", value);
    }
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_OPTION);
    if (option.isPresent()) {
      long box = space.box(at + OF);
      try {
        some.lower(option.get(), box, space);
      } catch (MisfitException e) {
        throw e.within("some");
      }
    }
  }

  @Override
  Optional<Object> lift(long at, ComponentStore store) {
    long box = getLong(at + OF);
    return box == 0 ? Optional.empty() : Optional.of(Objects.requireNonNull(some.lift(box, store)));
  }

  @Override
  Layout layout() {
    return layout;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    if (!(value instanceof Optional<?> option)) {
      throw MisfitException.expected("an Optional", value);
    }
    Layout.putUnsigned(at, layout.discriminant(), option.isPresent() ? 1 : 0);
    if (option.isPresent()) {
      try {
        some.store(option.get(), at + layout.payload(), out);
      } catch (MisfitException e) {
        throw e.within("some");
      }
    }
  }

  @Override
  Optional<Object> load(long at, DirectMemory memory) {
    return memory.discriminant(at, layout.discriminant(), 2) == 0
        ? Optional.empty()
        : Optional.of(Objects.requireNonNull(some.load(at + layout.payload(), memory)));
  }
}
