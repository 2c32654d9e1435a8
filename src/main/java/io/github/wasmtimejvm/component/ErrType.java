package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import io.github.wasmtimejvm.internal.Rethrow;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * The exception that a method throws for the {@code err} of its function.
 *
 * @param errorType the Java type of the error
 * @param constructor (error) -> exception
 */
record ErrType(Type errorType, MethodHandle constructor) {
  private static final MethodHandle LIFT =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          ErrType.class,
          "lift",
          Object.class,
          ResultCodec.class,
          long.class,
          ComponentStore.class);
  private static final MethodHandle LOAD =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          ErrType.class,
          "load",
          Object.class,
          ResultCodec.class,
          long.class,
          DirectMemory.class);
  private static final MethodHandle LOWER =
      HiddenClass.findStatic(
          MethodHandles.lookup(),
          "lower",
          void.class,
          ResultCodec.class,
          Object.class,
          long.class,
          Space.class);

  /**
   * Returns the exception that a method declares, {@code null} if it declares none.
   *
   * @throws MisfitException if it declares several, or one that cannot be made
   */
  static @Nullable ErrType of(Method method, MethodHandles.Lookup lookup) {
    Class<?> declared = null;
    for (Class<?> type : method.getExceptionTypes()) {
      if (ErrException.class.isAssignableFrom(type)) {
        if (declared != null) {
          throw new MisfitException("the method declares two exceptions for its error");
        }
        declared = type;
      }
    }
    return declared == null ? null : of(declared, lookup);
  }

  private static ErrType of(Class<?> exception, MethodHandles.Lookup lookup) {
    Constructor<?> found = null;
    for (Constructor<?> constructor : exception.getDeclaredConstructors()) {
      if (Modifier.isPublic(constructor.getModifiers()) && constructor.getParameterCount() <= 1) {
        if (found != null) {
          throw new MisfitException(exception.getName() + " has several public constructors");
        }
        found = constructor;
      }
    }
    if (found == null) {
      throw new MisfitException(
          exception.getName() + " has no public constructor that takes the error");
    }
    try {
      MethodHandle handle = lookup.unreflectConstructor(found);
      boolean takesError = found.getParameterCount() == 1;
      if (!takesError) {
        handle = MethodHandles.dropArguments(handle, 0, Object.class);
      }
      return new ErrType(
          takesError ? found.getGenericParameterTypes()[0] : Void.class,
          handle.asType(MethodType.methodType(ErrException.class, Object.class)));
    } catch (IllegalAccessException e) {
      throw new MisfitException(
          exception.getName() + " is not accessible: make it public, or give a lookup");
    }
  }

  /** A handle: (address, store) -> the value of success, or the exception is thrown. */
  MethodHandle lifting(ResultCodec codec, Class<?> ok) {
    return reading(LIFT, codec, ok);
  }

  /**
   * A handle: (address in the guest, memory) -> the value of success, or the exception is thrown.
   */
  MethodHandle loading(ResultCodec codec, Class<?> ok) {
    return reading(LOAD, codec, ok);
  }

  private MethodHandle reading(MethodHandle read, ResultCodec codec, Class<?> ok) {
    MethodHandle ofCodec = MethodHandles.insertArguments(read.bindTo(this), 0, codec);
    return ofCodec.asType(ofCodec.type().changeReturnType(ok));
  }

  /** A handle: (value of success, address, space) -> void; without value where there is none. */
  static MethodHandle lowering(ResultCodec codec, Class<?> ok) {
    MethodHandle lower = MethodHandles.insertArguments(LOWER, 0, codec);
    return ok == void.class
        ? MethodHandles.insertArguments(lower, 0, (Object) null)
        : lower.asType(lower.type().changeParameterType(0, ok));
  }

  @SuppressWarnings("unused") // by handle
  private @Nullable Object lift(ResultCodec codec, long at, ComponentStore store)
      throws ErrException {
    boolean isOk = ResultCodec.isOk(at);
    return successOf(isOk, codec.payload(at, isOk, store));
  }

  @SuppressWarnings("unused") // by handle
  private @Nullable Object load(ResultCodec codec, long at, DirectMemory memory)
      throws ErrException {
    boolean isOk = codec.isOk(at, memory);
    return successOf(isOk, codec.payload(at, isOk, memory));
  }

  private @Nullable Object successOf(boolean isOk, @Nullable Object payload) throws ErrException {
    if (isOk) {
      return payload;
    }
    ErrException exception;
    try {
      exception = (ErrException) constructor.invokeExact(payload);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    throw exception;
  }

  @SuppressWarnings("unused") // by handle
  private static void lower(ResultCodec codec, @Nullable Object value, long at, Space space) {
    codec.lower(true, value, at, space);
  }
}
