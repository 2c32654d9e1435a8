package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getByte;
import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putByte;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Results, as {@link Result}. */
final class ResultCodec extends Codec {
  private static final long PAYLOAD = OF + 8;

  private final @Nullable Codec ok;
  private final @Nullable Codec err;
  private final Layout.Cases layout;

  /**
   * @param ok the codec of the value of success, {@code null} if there is none
   * @param err the codec of the value of failure, {@code null} if there is none
   */
  ResultCodec(@Nullable Codec ok, @Nullable Codec err) {
    this.ok = ok;
    this.err = err;
    this.layout =
        Layout.Cases.of(
            Arrays.asList(ok == null ? null : ok.layout(), err == null ? null : err.layout()));
  }

  @Override
  Class<?> javaType() {
    return Result.class;
  }

  private interface Writing {
    void write(boolean isOk, @Nullable Object payload);
  }

  private static void take(@Nullable Object value, Writing writing) {
    switch (value) {
      case Result.Ok<?, ?>(Object payload) -> writing.write(true, payload);
      case Result.Err<?, ?>(Object payload) -> writing.write(false, payload);
      case null, default -> throw MisfitException.expected("a Result", value);
    }
  }

  // The codec of a payload; null where there is none.
  private @Nullable Codec codec(boolean isOk, @Nullable Object payload) {
    Codec codec = isOk ? ok : err;
    if (codec == null && payload != null) {
      throw new MisfitException("there is no value, got " + payload.getClass().getName())
          .within(name(isOk));
    }
    return codec;
  }

  private static String name(boolean isOk) {
    return isOk ? "ok" : "err";
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    take(value, (isOk, payload) -> lower(isOk, payload, at, space));
  }

  /** Writes a success or failure with its payload, {@code null} if it has none. */
  void lower(boolean isOk, @Nullable Object payload, long at, Space space) {
    putByte(at + OF, isOk ? (byte) 1 : 0);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_RESULT);
    Codec codec = codec(isOk, payload);
    if (codec != null) {
      long box = space.box(at + PAYLOAD);
      try {
        codec.lower(payload, box, space);
      } catch (MisfitException e) {
        throw e.within(name(isOk));
      }
    }
  }

  @Override
  Layout layout() {
    return layout;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    take(value, (isOk, payload) -> store(isOk, payload, at, out));
  }

  /** Writes a success or failure with its payload, {@code null} if it has none. */
  void store(boolean isOk, @Nullable Object payload, long at, DirectWriter out) {
    Layout.putUnsigned(at, layout.discriminant(), isOk ? 0 : 1);
    Codec codec = codec(isOk, payload);
    if (codec != null) {
      try {
        codec.store(payload, at + layout.payload(), out);
      } catch (MisfitException e) {
        throw e.within(name(isOk));
      }
    }
  }

  @Override
  Result<@Nullable Object, @Nullable Object> load(long at, DirectMemory memory) {
    boolean isOk = isOk(at, memory);
    Object payload = payload(at, isOk, memory);
    return isOk ? Result.ok(payload) : Result.err(payload);
  }

  /** Whether a value in a guest's memory is a success. */
  boolean isOk(long at, DirectMemory memory) {
    return memory.discriminant(at, layout.discriminant(), 2) == 0;
  }

  /** Reads the payload of a value in a guest's memory, {@code null} if it has none. */
  @Nullable Object payload(long at, boolean isOk, DirectMemory memory) {
    Codec codec = isOk ? ok : err;
    return codec == null ? null : codec.load(at + layout.payload(), memory);
  }

  @Override
  Result<@Nullable Object, @Nullable Object> lift(long at, ComponentStore store) {
    boolean isOk = isOk(at);
    Object payload = payload(at, isOk, store);
    return isOk ? Result.ok(payload) : Result.err(payload);
  }

  /** Whether a value of the engine's is a success. */
  static boolean isOk(long at) {
    return getByte(at + OF) != 0;
  }

  /** Reads the payload of a value of the engine's, {@code null} if it has none. */
  @Nullable Object payload(long at, boolean isOk, ComponentStore store) {
    Codec codec = isOk ? ok : err;
    return codec == null ? null : codec.lift(getLong(at + PAYLOAD), store);
  }
}
