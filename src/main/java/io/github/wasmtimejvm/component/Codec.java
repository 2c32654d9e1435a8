package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.putByte;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * How values of one type in WIT and one in Java become a {@code wasmtime_component_val_t} and back.
 *
 * <p>The engine trusts what it is given, or spoils the store. So {@link #lower} checks everything
 * before it writes a value.
 */
abstract class Codec {
  /** Size of a {@code wasmtime_component_val_t}. */
  static final long SIZEOF = 32;

  /** Where its value lies. */
  static final long OF = 8;

  private static final MethodHandle LOWER =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          Codec.class,
          "lower",
          void.class,
          Object.class,
          long.class,
          Space.class);
  private static final MethodHandle LIFT =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          Codec.class,
          "lift",
          Object.class,
          long.class,
          ComponentStore.class);

  /** The class of values in Java: what a method's parameter or result is of. */
  abstract Class<?> javaType();

  /**
   * Writes a value.
   *
   * @param at the address of a {@code wasmtime_component_val_t}, zeroed: it stays a valid one if
   *     this fails
   * @param space where its parts go
   * @throws MisfitException if the value does not fit
   */
  abstract void lower(@Nullable Object value, long at, Space space);

  /**
   * Reads a value that the engine made.
   *
   * @param at the address of a {@code wasmtime_component_val_t}
   */
  abstract @Nullable Object lift(long at, ComponentStore store);

  /** Whether a value has no parts elsewhere in memory, so that nothing needs to be deleted. */
  boolean isFlat() {
    return false;
  }

  /** A handle for {@link #lower} as it is: (Object, address, space) -> void. */
  final MethodHandle loweringOfObjects() {
    return LOWER.bindTo(this);
  }

  /** A handle for {@link #lower}: (value, address, space) -> void. */
  MethodHandle lowering() {
    return loweringOfObjects()
        .asType(MethodType.methodType(void.class, javaType(), long.class, Space.class));
  }

  /**
   * A handle for {@link #lower}, of values of a class: (value, address, space) -> void. An object
   * in place of a primitive value is checked like any other.
   */
  final MethodHandle lowering(Class<?> type) {
    return type.isPrimitive()
        ? lowering()
        : LOWER
            .bindTo(this)
            .asType(MethodType.methodType(void.class, type, long.class, Space.class));
  }

  /** A handle for {@link #lift}: (address, store) -> value. */
  MethodHandle lifting() {
    return LIFT.bindTo(this)
        .asType(MethodType.methodType(javaType(), long.class, ComponentStore.class));
  }

  static void setKind(long at, byte kind) {
    putByte(at, kind);
  }
}
