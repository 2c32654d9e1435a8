package io.github.wasmtimejvm;

/** What a reference refers to: an abstract type, or one that a module or the host defines. */
public sealed interface HeapType permits AbstractHeapType, ConcreteHeapType {
  /**
   * Returns the top of the hierarchy that it belongs to: {@code FUNC}, {@code EXTERN}, {@code ANY}
   * or {@code EXN}. Threads: any.
   */
  default AbstractHeapType top() {
    AbstractHeapType type =
        switch (this) {
          case AbstractHeapType known -> known;
          case ConcreteHeapType concrete -> concrete.supertype();
        };
    return switch (type) {
      case FUNC, NOFUNC -> AbstractHeapType.FUNC;
      case EXTERN, NOEXTERN -> AbstractHeapType.EXTERN;
      case EXN, NOEXN -> AbstractHeapType.EXN;
      case ANY, NONE, EQ, I31, STRUCT, ARRAY -> AbstractHeapType.ANY;
    };
  }
}
