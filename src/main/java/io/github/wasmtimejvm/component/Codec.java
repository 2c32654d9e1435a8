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

  private static final MethodHandle STORE =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          Codec.class,
          "store",
          void.class,
          Object.class,
          long.class,
          DirectWriter.class);
  private static final MethodHandle LOAD =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          Codec.class,
          "load",
          Object.class,
          long.class,
          DirectMemory.class);

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

  /** How values lie in a guest's memory. */
  abstract Layout layout();

  /**
   * Writes a value as it is to lie in a guest's memory.
   *
   * @param at where it goes in native memory of ours
   * @param out takes its parts
   * @throws MisfitException if the value does not fit
   */
  abstract void store(@Nullable Object value, long at, DirectWriter out);

  /**
   * Reads a value from a guest's memory.
   *
   * @param at its address in the guest, whose bounds have been checked
   */
  abstract @Nullable Object load(long at, DirectMemory memory);

  /** Whether a value has no parts elsewhere in memory, so that nothing needs to be deleted. */
  boolean isFlat() {
    return false;
  }

  /** Whether its handles do it without boxes. */
  boolean isCompiled() {
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
    return type.isPrimitive() || type == javaType()
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

  /** A handle for {@link #store} as it is: (Object, address, writer) -> void. */
  final MethodHandle storingOfObjects() {
    return STORE.bindTo(this);
  }

  /** A handle for {@link #store}: (value, address, writer) -> void. */
  MethodHandle storing() {
    return storingOfObjects()
        .asType(MethodType.methodType(void.class, javaType(), long.class, DirectWriter.class));
  }

  /** A handle for {@link #store}, of values of a class: (value, address, writer) -> void. */
  final MethodHandle storing(Class<?> type) {
    return type.isPrimitive() || type == javaType()
        ? storing()
        : storingOfObjects()
            .asType(MethodType.methodType(void.class, type, long.class, DirectWriter.class));
  }

  /** A handle for {@link #load}: (address in the guest, memory) -> value. */
  MethodHandle loading() {
    return LOAD.bindTo(this)
        .asType(MethodType.methodType(javaType(), long.class, DirectMemory.class));
  }

  static void setKind(long at, byte kind) {
    putByte(at, kind);
  }
}
