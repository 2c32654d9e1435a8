package io.github.wasmtimejvm.binary;

/** The numbers of a module's sections in the binary format. */
public final class SectionIds {
  static final int CUSTOM = 0;
  public static final int TYPES = 1;
  public static final int IMPORTS = 2;
  public static final int FUNCTIONS = 3;
  public static final int TABLES = 4;
  public static final int MEMORIES = 5;
  public static final int GLOBALS = 6;
  public static final int EXPORTS = 7;
  static final int START = 8;
  static final int CODE = 10;
  public static final int TAGS = 13;

  /** The sections that say what a module declares: a bit for each of their numbers. */
  private static final int DECLARING =
      1 << TYPES
          | 1 << IMPORTS
          | 1 << FUNCTIONS
          | 1 << TABLES
          | 1 << MEMORIES
          | 1 << GLOBALS
          | 1 << EXPORTS
          | 1 << TAGS;

  private SectionIds() {}

  /** Whether a section says what a module declares. */
  static boolean isDeclaring(int id) {
    return id < Integer.SIZE && (DECLARING >>> id & 1) != 0;
  }
}
