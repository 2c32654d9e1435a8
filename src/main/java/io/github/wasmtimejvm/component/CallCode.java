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
 * BoundFunction} or {@link DirectFunction} and the arguments, each of which is written into the
 * frame by its codec. Nothing is boxed that a codec takes as a primitive value.
 */
final class CallCode {
  /** The calls by the engine's values. */
  static final CallCode VALUES =
      new CallCode(BoundFunction.class, "arguments", Space.class, "store", ComponentStore.class);

  /** The calls by the guest's memory. */
  static final CallCode DIRECT =
      new CallCode(
          DirectFunction.class, "writer", DirectWriter.class, "memory", DirectMemory.class);

  private static final MethodHandle PLUS =
      HiddenClass.findStatic(MethodHandles.lookup(), "plus", long.class, long.class, long.class);
  private static final MethodHandle OF =
      HiddenClass.findStatic(
          MethodHandles.lookup(), "of", void.class, String.class, MisfitException.class);
  private static final MethodHandle WITHIN =
      HiddenClass.findStatic(
          MethodHandles.lookup(), "within", void.class, String.class, MisfitException.class);

  private final Class<?> function;
  private final MethodHandle begin; // (function) -> frame
  private final MethodHandle invoke; // (frame, function)
  private final MethodHandle end; // (thrown, frame, function)
  private final MethodHandle destination; // (function) -> where lowerings put the parts of values
  private final MethodHandle source; // (function) -> what liftings take beside the address
  private final MethodHandle result; // (frame, function) -> the address of the result

  private CallCode(
      Class<?> function, String destination, Class<?> into, String source, Class<?> from) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    this.function = function;
    this.begin = HiddenClass.findVirtual(lookup, function, "begin", long.class);
    this.invoke = swap(HiddenClass.findVirtual(lookup, function, "invoke", void.class, long.class));
    this.end =
        MethodHandles.permuteArguments(
            HiddenClass.findVirtual(
                lookup, function, "end", void.class, Throwable.class, long.class),
            MethodType.methodType(void.class, Throwable.class, long.class, function),
            2,
            0,
            1);
    this.destination = HiddenClass.findVirtual(lookup, function, destination, into);
    this.source = HiddenClass.findVirtual(lookup, function, source, from);
    this.result = swap(HiddenClass.findVirtual(lookup, function, "result", long.class, long.class));
  }

  /**
   * Makes the code of calls: (function, arguments) -> result.
   *
   * @param lowerings of the parameters: (value, address, destination) -> void
   * @param offsets of the parameters in a frame
   * @param names what to call the parameters in messages
   * @param lifting of the result: (address, source) -> result; {@code null} if there is none
   */
  MethodHandle of(
      List<MethodHandle> lowerings,
      List<Long> offsets,
      List<String> names,
      @Nullable MethodHandle lifting) {
    List<Class<?>> params = new ArrayList<>();
    lowerings.forEach(lowering -> params.add(lowering.type().parameterType(0)));
    Class<?> type = lifting == null ? void.class : lifting.type().returnType();
    MethodHandle code = read(lifting); // (frame, function) -> result
    code = MethodHandles.dropArguments(code, 2, params);
    code = MethodHandles.foldArguments(code, invoke);
    for (int i = lowerings.size() - 1; i >= 0; i--) {
      code =
          MethodHandles.foldArguments(
              code, write(lowerings.get(i), offsets.get(i), names.get(i), params, i));
    }
    MethodHandle cleanup = // (thrown, result, frame, function) -> result
        type == void.class
            ? end
            : MethodHandles.foldArguments(
                MethodHandles.dropArguments(
                    MethodHandles.identity(type), 0, end.type().parameterList()),
                end);
    if (type != void.class) {
      cleanup =
          MethodHandles.permuteArguments(
              cleanup,
              MethodType.methodType(type, Throwable.class, type, long.class, function),
              0,
              2,
              3,
              1);
    }
    return MethodHandles.foldArguments(MethodHandles.tryFinally(code, cleanup), begin);
  }

  // (frame, function) -> result
  private MethodHandle read(@Nullable MethodHandle lifting) {
    if (lifting == null) {
      return MethodHandles.empty(MethodType.methodType(void.class, long.class, function));
    }
    MethodHandle read = MethodHandles.filterArguments(lifting, 1, source); // (address, function)
    read = MethodHandles.collectArguments(read, 0, result); // (frame, function, function)
    return MethodHandles.permuteArguments(
        read, MethodType.methodType(lifting.type().returnType(), long.class, function), 0, 1, 1);
  }

  // (frame, function, the first parameters) -> void
  private MethodHandle write(
      MethodHandle lowering, long offset, String name, List<Class<?>> params, int index) {
    MethodHandle in = named(lowering, "parameter " + name);
    in = MethodHandles.filterArguments(in, 1, plus(offset), destination);
    MethodType type =
        MethodType.methodType(void.class, long.class, function)
            .appendParameterTypes(params.subList(0, index + 1));
    return MethodHandles.permuteArguments(in, type, 2 + index, 0, 1);
  }

  /** Has the exceptions of a handle without result name where they come from, in the end. */
  static MethodHandle named(MethodHandle handle, String name) {
    return MethodHandles.catchException(
        handle, MisfitException.class, MethodHandles.insertArguments(OF, 0, name));
  }

  /**
   * Has the exceptions of a handle without result name a step on the way to where they are from.
   */
  static MethodHandle step(MethodHandle handle, String name) {
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
  private static void of(String name, MisfitException e) {
    throw e.of(name);
  }

  @SuppressWarnings("unused") // by handle
  private static void within(String name, MisfitException e) {
    throw e.within(name);
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
