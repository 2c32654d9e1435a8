package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.InterfaceClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * Code of its own for the elements of a list: what the handles of their codec do, without boxes,
 * compiled as a whole. It is worth its class for long lists only.
 */
interface ElementCode {
  /**
   * See {@link Codec#store}.
   *
   * @param value an object of the codec's class
   */
  void store(Object value, long at, DirectWriter out);

  /** See {@link Codec#load}. */
  Object load(long at, DirectMemory memory);

  /** Makes that of a codec. */
  static ElementCode of(Codec codec) {
    InterfaceClass<ElementCode> type =
        new InterfaceClass<>(
            ElementCode.class,
            MethodHandles.lookup(),
            (method, _) -> {
              MethodHandle code =
                  method.getReturnType() == void.class ? codec.storing() : codec.loading();
              return new InterfaceClass.Code(
                  InterfaceClass.Leading.OBJECT,
                  MethodHandles.dropArguments(code, 0, Object.class));
            },
            codec);
    return type.instantiate(null, 0, new Object[2], new long[2], new long[2]);
  }
}
