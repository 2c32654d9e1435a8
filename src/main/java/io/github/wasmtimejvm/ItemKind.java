package io.github.wasmtimejvm;

/** What can be imported and exported, with the numbers of the binary format. */
enum ItemKind {
  FUNC,
  TABLE,
  MEMORY,
  GLOBAL,
  TAG;

  private static final ItemKind[] ALL = values();

  /** A function of exactly a type, which is a function to us. */
  private static final int EXACT_FUNC = 0x20;

  /**
   * @throws IndexOutOfBoundsException if there is no such kind
   */
  static ItemKind of(int number) {
    return number == EXACT_FUNC ? FUNC : ALL[number];
  }

  static ItemKind of(ExternType type) {
    return switch (type) {
      case FuncType _ -> FUNC;
      case TableType _ -> TABLE;
      case MemoryType _ -> MEMORY;
      case GlobalType _ -> GLOBAL;
      case TagType _ -> TAG;
    };
  }
}
