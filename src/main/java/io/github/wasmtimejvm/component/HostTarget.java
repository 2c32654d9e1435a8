package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import io.github.wasmtimejvm.interfaces.InterfaceClass;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.Rethrow;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Java method as guests call it: its parameters are lifted from the engine's values, its result
 * is lowered into a value that the engine takes over.
 */
final class HostTarget {
  private static final MethodHandle BEGIN =
      HiddenClass.findStatic(MethodHandles.lookup(), "begin", ComponentStore.class, long.class);
  private static final MethodHandle END =
      HiddenClass.findStatic(
          MethodHandles.lookup(), "end", void.class, Throwable.class, ComponentStore.class);
  private static final MethodHandle IMPLEMENTATION =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          HostTarget.class,
          "implementation",
          Object.class,
          ComponentStore.class);
  private static final MethodHandle RESULTS =
      HiddenClass.findVirtual(MethodHandles.lookup(), ComponentStore.class, "results", Space.class);
  private static final MethodHandle NO_ERROR =
      HiddenClass.findStatic(MethodHandles.lookup(), "noError", void.class, ErrException.class);
  private static final MethodHandle ERR =
      HiddenClass.findStatic(
          MethodHandles.lookup(),
          "err",
          void.class,
          ResultCodec.class,
          ErrException.class,
          ComponentStore.class,
          long.class);

  private static final MethodHandle ZERO =
      HiddenClass.findStatic(MethodHandles.lookup(), "zero", void.class, long.class);

  // A method handle has less than 256 parameters, and each here takes up to three of them.
  private static final int MOST_PARAMETERS = 80;

  private final HostObject object;

  /**
   * @param object whose methods are called
   */
  HostTarget(HostObject object) {
    this.object = object;
  }

  /**
   * Makes what the engine calls.
   *
   * @param method (implementation, parameters) -> result
   * @param liftings of the parameters: (address, store) -> value
   * @param lowering of the result: (value, address, space) -> void, without value where the method
   *     returns none; {@code null} if the function has no result
   * @param err the result's own codec if {@link ErrException}s of the method are its errors, else
   *     {@code null}
   */
  HostCalls.Target target(
      MethodHandle method,
      List<MethodHandle> liftings,
      @Nullable MethodHandle lowering,
      @Nullable ResultCodec err) {
    if (liftings.size() > MOST_PARAMETERS) {
      throw new MisfitException(
          "a function of the host's has at most %s parameters, not %s"
              .formatted(MOST_PARAMETERS, liftings.size()));
    }
    MethodHandle code = method;
    for (int i = liftings.size(); i > 0; i--) {
      code =
          MethodHandles.collectArguments(
              code, i, MethodHandles.filterArguments(liftings.get(i - 1), 0, CallCode.at(i - 1)));
    }
    // (implementation, arguments, store) -> result
    MethodType called =
        MethodType.methodType(
            method.type().returnType(), Object.class, long.class, ComponentStore.class);
    int[] order = new int[1 + 2 * liftings.size()];
    for (int i = 0; i < liftings.size(); i++) {
      order[1 + 2 * i] = 1;
      order[2 + 2 * i] = 2;
    }
    code = code.asType(code.type().changeParameterType(0, Object.class));
    code = MethodHandles.permuteArguments(code, called, order);
    code = withResult(code, lowering); // (implementation, arguments, store, results) -> void
    if (lowering != null) {
      code =
          MethodHandles.foldArguments(
              code,
              MethodHandles.dropArguments(ZERO, 0, Object.class, long.class, ComponentStore.class));
    }
    if (err != null) {
      MethodHandle caught =
          MethodHandles.permuteArguments(
              MethodHandles.insertArguments(ERR, 0, err),
              MethodType.methodType(
                  void.class,
                  ErrException.class,
                  Object.class,
                  long.class,
                  ComponentStore.class,
                  long.class),
              0,
              3,
              4);
      code = MethodHandles.catchException(code, ErrException.class, caught);
    }
    return define(bracketed(code));
  }

  // The error of the function is what its method throws, not what the result's own methods do.
  private static MethodHandle noError(MethodHandle lowering) {
    return MethodHandles.catchException(lowering, ErrException.class, NO_ERROR);
  }

  @SuppressWarnings("unused") // by handle
  private static void noError(ErrException e) {
    throw new IllegalStateException("the result cannot be read", e);
  }

  // -> (implementation, arguments, store, results) -> void
  private static MethodHandle withResult(MethodHandle code, @Nullable MethodHandle lowering) {
    if (lowering == null) {
      return MethodHandles.dropArguments(
          code.asType(code.type().changeReturnType(void.class)), 3, long.class);
    }
    MethodHandle named = CallCode.named(noError(lowering), "the result");
    MethodHandle lower =
        MethodHandles.filterArguments(named, named.type().parameterCount() - 1, RESULTS);
    MethodHandle whole = MethodHandles.collectArguments(lower, 0, code);
    // (implementation, arguments, store, results, store) -> void
    return MethodHandles.permuteArguments(
        whole,
        MethodType.methodType(
            void.class, Object.class, long.class, ComponentStore.class, long.class),
        0,
        1,
        2,
        3,
        2);
  }

  // -> (self, slot, caller, arguments, results) -> void
  private static MethodHandle bracketed(MethodHandle code) {
    MethodHandle body =
        MethodHandles.permuteArguments(
            code,
            MethodType.methodType(
                void.class, ComponentStore.class, Object.class, long.class, long.class),
            1,
            2,
            0,
            3);
    // (store, self, arguments, results): the implementation of self in the store
    MethodHandle implementation =
        IMPLEMENTATION.asType(
            MethodType.methodType(Object.class, Object.class, ComponentStore.class));
    body = MethodHandles.collectArguments(body, 1, implementation);
    body =
        MethodHandles.permuteArguments(
            body,
            MethodType.methodType(
                void.class, ComponentStore.class, Object.class, long.class, long.class),
            0,
            1,
            0,
            2,
            3);
    MethodHandle closed = MethodHandles.tryFinally(body, END);
    MethodHandle begun = MethodHandles.filterArguments(closed, 0, BEGIN);
    // (slot, self, arguments, results)
    return MethodHandles.permuteArguments(
        begun,
        MethodType.methodType(
            void.class, Object.class, long.class, long.class, long.class, long.class),
        1,
        0,
        3,
        4);
  }

  private HostCalls.Target define(MethodHandle code) {
    InterfaceClass<HostCalls.Target> type =
        new InterfaceClass<>(
            HostCalls.Target.class,
            MethodHandles.lookup(),
            (_, _) -> new InterfaceClass.Code(InterfaceClass.Leading.OBJECT, code),
            this);
    return type.instantiate(null, 0, new Object[] {this}, new long[1], new long[1]);
  }

  @SuppressWarnings("unused") // by handle
  private Object implementation(ComponentStore store) {
    return object.in(store);
  }

  // The engine's value is a false, whose other bytes may be anything.
  @SuppressWarnings("unused") // by handle
  private static void zero(long result) {
    for (long at = result; at < result + Codec.SIZEOF; at += Long.BYTES) {
      putLong(at, 0);
    }
  }

  @SuppressWarnings("unused") // by handle
  private static ComponentStore begin(long slot) {
    ComponentStore store = ComponentStore.at(slot);
    store.begin(null);
    return store;
  }

  @SuppressWarnings("unused") // by handle
  private static void end(@Nullable Throwable thrown, ComponentStore store) {
    try {
      if (!store.transfers().isEmpty()) {
        store.transfers().take(store.depth()).settle(thrown == null);
      }
    } catch (Throwable failure) {
      throw Rethrow.unchecked(Transfers.first(thrown, failure));
    } finally {
      store.endOfJava();
    }
  }

  @SuppressWarnings("unused") // by handle
  private static void err(ResultCodec codec, ErrException e, ComponentStore store, long results) {
    try {
      codec.lower(false, e.error(), results, store.results());
    } catch (MisfitException misfit) {
      misfit.addSuppressed(e);
      throw misfit.of("the result");
    }
  }
}
