package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getByte;
import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putByte;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import org.jspecify.annotations.Nullable;

/** Results, as {@link Result}. */
final class ResultCodec extends Codec {
  private static final long PAYLOAD = OF + 8;

  private final @Nullable Codec ok;
  private final @Nullable Codec err;

  /**
   * @param ok the codec of the value of success, {@code null} if there is none
   * @param err the codec of the value of failure, {@code null} if there is none
   */
  ResultCodec(@Nullable Codec ok, @Nullable Codec err) {
    this.ok = ok;
    this.err = err;
  }

  @Override
  Class<?> javaType() {
    return Result.class;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    switch (value) {
      case Result.Ok<?, ?>(Object payload) -> lower(true, payload, at, space);
      case Result.Err<?, ?>(Object payload) -> lower(false, payload, at, space);
      case null, default -> throw MisfitException.expected("a Result", value);
    }
  }

  /** Writes a success or failure with its payload, {@code null} if it has none. */
  void lower(boolean isOk, @Nullable Object payload, long at, Space space) {
    Codec codec = isOk ? ok : err;
    putByte(at + OF, isOk ? (byte) 1 : 0);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_RESULT);
    try {
      if (codec != null) {
        codec.lower(payload, space.box(at + PAYLOAD), space);
      } else if (payload != null) {
        throw new MisfitException("there is no value, got " + payload.getClass().getName());
      }
    } catch (MisfitException e) {
      throw e.within(isOk ? "ok" : "err");
    }
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
