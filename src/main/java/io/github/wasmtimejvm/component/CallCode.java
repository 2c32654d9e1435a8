package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The code of typed calls, as method handles: a call of a guest's function takes a {@link
 * BoundFunction} and the arguments, each of which is written into the frame by its codec. Nothing
 * is boxed that a codec takes as a primitive value.
 */
final class CallCode {
  private static final MethodHandle BEGIN =
      HiddenClass.findVirtual(
          MethodHandles.lookup(), BoundFunction.class, "begin", long.class); // (function) -> frame
  private static final MethodHandle INVOKE =
      swap(
          HiddenClass.findVirtual(
              MethodHandles.lookup(),
              BoundFunction.class,
              "invoke",
              void.class,
              long.class)); // (frame, function)
  private static final MethodHandle END =
      MethodHandles.permuteArguments(
          HiddenClass.findVirtual(
              MethodHandles.lookup(),
              BoundFunction.class,
              "end",
              void.class,
              Throwable.class,
              long.class),
          MethodType.methodType(void.class, Throwable.class, long.class, BoundFunction.class),
          2,
          0,
          1); // (thrown, frame, function)
  private static final MethodHandle ARGUMENTS =
      HiddenClass.findVirtual(
          MethodHandles.lookup(), BoundFunction.class, "arguments", Space.class);
  private static final MethodHandle STORE =
      HiddenClass.findVirtual(
          MethodHandles.lookup(), BoundFunction.class, "store", ComponentStore.class);
  private static final MethodHandle PLUS =
      HiddenClass.findStatic(MethodHandles.lookup(), "plus", long.class, long.class, long.class);
  private static final MethodHandle WITHIN =
      HiddenClass.findStatic(
          MethodHandles.lookup(), "within", void.class, String.class, MisfitException.class);

  private CallCode() {}

  /**
   * Makes the code of calls: (function, arguments) -> result.
   *
   * @param lowerings of the parameters: (value, address, space) -> void
   * @param names what to call the parameters in messages
   * @param lifting of the result: (address, store) -> result; {@code null} if there is none
   */
  static MethodHandle of(
      List<MethodHandle> lowerings, List<String> names, @Nullable MethodHandle lifting) {
    List<Class<?>> params = new ArrayList<>();
    lowerings.forEach(lowering -> params.add(lowering.type().parameterType(0)));
    Class<?> result = lifting == null ? void.class : lifting.type().returnType();
    MethodHandle code = read(lifting, lowerings.size()); // (frame, function) -> result
    code = MethodHandles.dropArguments(code, 2, params);
    code = MethodHandles.foldArguments(code, INVOKE);
    for (int i = lowerings.size() - 1; i >= 0; i--) {
      code = MethodHandles.foldArguments(code, write(lowerings.get(i), names.get(i), params, i));
    }
    MethodHandle cleanup = // (thrown, result, frame, function) -> result
        result == void.class
            ? END
            : MethodHandles.foldArguments(
                MethodHandles.dropArguments(
                    MethodHandles.identity(result), 0, END.type().parameterList()),
                END);
    if (result != void.class) {
      cleanup =
          MethodHandles.permuteArguments(
              cleanup,
              MethodType.methodType(
                  result, Throwable.class, result, long.class, BoundFunction.class),
              0,
              2,
              3,
              1);
    }
    return MethodHandles.foldArguments(MethodHandles.tryFinally(code, cleanup), BEGIN);
  }

  // (frame, function) -> result
  private static MethodHandle read(@Nullable MethodHandle lifting, int params) {
    if (lifting == null) {
      return MethodHandles.empty(
          MethodType.methodType(void.class, long.class, BoundFunction.class));
    }
    return MethodHandles.filterArguments(lifting, 0, at(params), STORE);
  }

  // (frame, function, the first parameters) -> void
  private static MethodHandle write(
      MethodHandle lowering, String name, List<Class<?>> params, int index) {
    MethodHandle in = named(lowering, "parameter " + name);
    in = MethodHandles.filterArguments(in, 1, at(index), ARGUMENTS);
    MethodType type =
        MethodType.methodType(void.class, long.class, BoundFunction.class)
            .appendParameterTypes(params.subList(0, index + 1));
    return MethodHandles.permuteArguments(in, type, 2 + index, 0, 1);
  }

  /** Has the exceptions of a handle without result name where they come from. */
  static MethodHandle named(MethodHandle handle, String name) {
    return MethodHandles.catchException(
        handle, MisfitException.class, MethodHandles.insertArguments(WITHIN, 0, name));
  }

  /** (frame) -> the address of a value in it. */
  static MethodHandle at(int index) {
    return plus(index * Codec.SIZEOF);
  }

  /** (address) -> the address so many bytes behind it. */
  static MethodHandle plus(long offset) {
    return MethodHandles.insertArguments(PLUS, 1, offset);
  }

  @SuppressWarnings("unused") // by handle
  private static long plus(long address, long offset) {
    return address + offset;
  }

  @SuppressWarnings("unused") // by handle
  private static void within(String name, MisfitException e) {
    throw e.of(name);
  }

  private static MethodHandle swap(MethodHandle handle) {
    MethodType type = handle.type();
    return MethodHandles.permuteArguments(
        handle,
        MethodType.methodType(type.returnType(), type.parameterType(1), type.parameterType(0)),
        1,
        0);
  }
}
